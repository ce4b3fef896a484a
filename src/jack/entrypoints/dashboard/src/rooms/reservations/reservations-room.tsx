import { useCallback } from "react";
import { useSearchParams } from "wouter";

import { useReservations } from "../../api/stays.ts";
import type { ReservationStatus } from "../../api/types.ts";
import { Button } from "../../shared/button.tsx";
import { Choice, Field, SearchField } from "../../shared/field.tsx";
import { ReservationsIcon } from "../../shared/icons.tsx";
import { More } from "../../shared/more.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import room from "../../shared/room.module.css";
import { Empty, Loading } from "../../shared/states.tsx";
import { useTitle } from "../../shared/use-title.ts";
import { reservationStatuses } from "../../shared/words.ts";
import { useHouse } from "../../shell/house.tsx";
import { ReservationTable } from "./reservation-table.tsx";

/** What the PMS holds: found by guest, room or number, by status, by day. The filters stand in the address. */
export function ReservationsRoom() {
  useTitle("Reservations");
  const { hotelId, hotels, hotelOf } = useHouse();
  const [search, setSearch] = useSearchParams();
  const of = (name: string) => search.get(name) ?? "";
  const [q, on] = [of("q"), of("on")];
  const status = (reservationStatuses.find(({ value }) => value === of("status"))?.value ?? "") as
    ReservationStatus | "";
  const list = useReservations({ hotelId, q, status, on });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = q !== "" || status !== "" || on !== "";

  const change = useCallback(
    (name: string, value: string) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const searchFor = useCallback((text: string) => change("q", text), [change]);
  const today = (hotelId === undefined ? hotels[0] : hotelOf(hotelId))?.today;

  return (
    <div className={room["room"]}>
      <h1>Reservations</h1>
      <div className={room["filters"]}>
        <SearchField label="Search" hint="Guest, room or confirmation number" value={q} onSearch={searchFor} />
        <Choice label="Status" value={status} onChange={(event) => change("status", event.target.value)}>
          <option value="">Any</option>
          {reservationStatuses.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Choice>
        <Field label="In the hotel on" type="date" value={on} onChange={(event) => change("on", event.target.value)} />
        {today && on !== today && <Button onClick={() => change("on", today)}>Today</Button>}
        {isFiltered && (
          <Button look="quiet" onClick={() => setSearch({}, { replace: true })}>
            Show all
          </Button>
        )}
      </div>
      {list.isLoadingError && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Loading what="reservations" lines={8} />}
      {list.data && rows.length === 0 && (
        <Empty icon={<ReservationsIcon size={32} />} title={isFiltered ? "No reservation fits" : "No reservations yet"}>
          {isFiltered ? "Try fewer letters, another status or another day." : "They come with the first sync."}
        </Empty>
      )}
      {rows.length > 0 && (
        <div className={room["card"]}>
          <ReservationTable rows={rows} />
          <More list={list} />
        </div>
      )}
    </div>
  );
}
