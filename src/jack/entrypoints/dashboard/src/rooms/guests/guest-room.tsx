import { Link } from "wouter";

import { useGuest, useGuestReservations } from "../../api/stays.ts";
import { GuestFacts, GuestTags, nameOf } from "../../shared/guest-facts.tsx";
import { BackIcon } from "../../shared/icons.tsx";
import { More } from "../../shared/more.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { Panel } from "../../shared/panel.tsx";
import { Preferences } from "../../shared/preferences.tsx";
import room from "../../shared/room.module.css";
import { Empty, Loading } from "../../shared/states.tsx";
import { useTitle } from "../../shared/use-title.ts";
import { ReservationTable } from "../reservations/reservation-table.tsx";
import css from "./guest-room.module.css";

/** One guest with everything known, and all their stays. */
export function GuestRoom({ id }: { id: string }) {
  const guest = useGuest(id);
  const stays = useGuestReservations(id);
  useTitle(guest.data && nameOf(guest.data), "Guests");
  const rows = stays.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={room["room"]}>
      <Link href="/guests" className={css["back"]}>
        <BackIcon size={16} />
        All guests
      </Link>
      <div className={css["name"]}>
        <h1>{guest.data ? nameOf(guest.data) : "Guest"}</h1>
        {guest.data && <GuestTags guest={guest.data} />}
      </div>
      {guest.isPending && <Loading what="the guest" />}
      {guest.isLoadingError && <ProblemNotice error={guest.error} retry={() => void guest.refetch()} />}
      {guest.data && (
        <div className={`${room["card"]} ${css["facts"]}`}>
          <GuestFacts guest={guest.data} />
          <Panel title="Preferences">
            <Preferences preferences={guest.data.preferences} />
          </Panel>
        </div>
      )}
      <h2>Stays</h2>
      {stays.isPending && <Loading what="the stays" />}
      {stays.isLoadingError && <ProblemNotice error={stays.error} retry={() => void stays.refetch()} />}
      {stays.data && rows.length === 0 && <Empty title="No stays" />}
      {rows.length > 0 && (
        <div className={room["card"]}>
          <ReservationTable rows={rows} />
          <More list={stays} />
        </div>
      )}
    </div>
  );
}
