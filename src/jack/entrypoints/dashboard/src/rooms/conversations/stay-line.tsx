import type { StayEvent } from "../../api/types.ts";
import { clock, period } from "../../shared/dates.ts";
import css from "./message-list.module.css";

interface Props {
  event: StayEvent;
  zone: string | undefined;
}

/** Something that happened to the guest's stay, between what was said. */
export function StayLine({ event, zone }: Props) {
  return (
    <p className={css["happened"]}>
      {clock(event.at, zone)} · {inWords(event)} (booking {event.confirmation_number})
    </p>
  );
}

/** What happened, for people. A kind that this dashboard does not know yet is shown by its name. */
function inWords({ kind, before, after }: StayEvent): string {
  switch (kind) {
    case "first_seen_checked_in":
      return `In house${room(after)} when Jack first heard of the stay`;
    case "confirmed":
      return "Confirmed";
    case "reinstated":
      return "Booked again";
    case "checked_in":
      return "Checked in";
    case "check_in_undone":
      return "Check-in undone";
    case "room_moved":
      return `Moved from room ${before["room_number"] ?? "?"} to room ${after["room_number"] ?? "?"}`;
    case "dates_changed":
      return `Dates changed to ${period(after["arrival"] ?? "", after["departure"] ?? "")}`;
    case "cancelled":
      return "Cancelled";
    case "no_show":
      return "Did not show up";
    case "checked_out":
      return "Checked out";
    case "gone":
      return "No longer in the PMS";
    case "came_back":
      return "In the PMS again";
    default:
      return kind.replaceAll("_", " ");
  }
}

const room = (after: StayEvent["after"]) => (after["room_number"] ? `, room ${after["room_number"]},` : "");
