import type { Reservation } from "../api/types.ts";
import { date, nights, plural } from "./dates.ts";
import { Fact, Facts } from "./facts.tsx";
import { Notice } from "./notice.tsx";
import css from "./stay-facts.module.css";
import { Tag } from "./tag.tsx";
import { Age, Moment } from "./time.tsx";
import { reservationStatus, sentence } from "./words.ts";

/** A stay: the room first, then its dates, with what is doubtful about it and the age of these facts. */
export function StayFacts({ stay, zone }: { stay: Reservation; zone: string | undefined }) {
  const status = reservationStatus(stay.status);
  return (
    <>
      <div className={css["room"]}>
        <p className={css["number"]}>{stay.room_number ? `Room ${stay.room_number}` : "No room yet"}</p>
        <Tag tone={status.tone}>{status.text}</Tag>
      </div>
      {doubtsOf(stay).map((doubt) => (
        <Notice key={doubt} tone="warn">
          {doubt}
        </Notice>
      ))}
      <Facts>
        <Fact name="Room type">{stay.room_type}</Fact>
        <Fact name="Check-in">
          <time dateTime={stay.arrival_date}>{date(stay.arrival_date)}</time>
        </Fact>
        <Fact name="Check-out">
          <time dateTime={stay.departure_date}>{date(stay.departure_date)}</time>
        </Fact>
        <Fact name="Length">{nights(stay.arrival_date, stay.departure_date)}</Fact>
        <Fact name="Expected">
          {stay.status !== "checked_in" && stay.expected_arrival && <Moment at={stay.expected_arrival} zone={zone} />}
        </Fact>
        <Fact name="Party">
          {plural(stay.adults, "adult")}
          {stay.children > 0 && `, ${plural(stay.children, "child", "children")}`}
        </Fact>
        <Fact name="With">{stay.companions.map((one) => `${one.first_name} ${one.last_name}`.trim()).join(", ")}</Fact>
        <Fact name="Requests">{stay.special_requests.join("; ")}</Fact>
        <Fact name="Confirmation">{stay.confirmation_number}</Fact>
      </Facts>
      <p className={css["age"]}>
        {stay.synced_at ? (
          <>
            Confirmed by the PMS <Age at={stay.synced_at} />
          </>
        ) : (
          "Not confirmed by the PMS"
        )}
      </p>
    </>
  );
}

/** Why a stay may not be as it is shown, if there is a reason. */
export function doubtsOf(stay: Reservation): string[] {
  const doubts: string[] = [];
  if (stay.gone_at) doubts.push("The PMS no longer has this reservation.");
  if (stay.doubt) doubts.push(`These are the last good facts, the newest could not be read: ${sentence(stay.doubt)}`);
  return doubts;
}
