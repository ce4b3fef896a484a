import { Link } from "wouter";

import type { Reservation } from "../../api/types.ts";
import { nights, period, plural } from "../../shared/dates.ts";
import { WarningIcon } from "../../shared/icons.tsx";
import { doubtsOf } from "../../shared/stay-facts.tsx";
import { Cell, Row, Table } from "../../shared/table.tsx";
import { Tag } from "../../shared/tag.tsx";
import { Age } from "../../shared/time.tsx";
import { reservationStatus } from "../../shared/words.ts";
import { useHouse } from "../../shell/house.tsx";
import css from "./reservation-table.module.css";

const COLUMNS = ["Guest", "Room", "Stay", "Status", "Party", "Confirmation", "Confirmed by the PMS"] as const;

/** Reservations, one a row. */
export function ReservationTable({ rows }: { rows: readonly Reservation[] }) {
  const { hotelOf, namesHotels } = useHouse();
  return (
    <Table caption="Reservations" columns={COLUMNS}>
      {rows.map((stay) => {
        const status = reservationStatus(stay.status);
        const company = stay.companions.map((one) => `${one.first_name} ${one.last_name}`.trim()).join(", ");
        return (
          <Row key={stay.id}>
            <Cell name="Guest">
              <div className={css["guest"]}>
                <Link href={`/guests/${stay.guest_id}`}>{stay.guest_name || "A guest without a name"}</Link>
                {company && <p className={css["soft"]}>with {company}</p>}
                {stay.special_requests.length > 0 && <p className={css["soft"]}>{stay.special_requests.join("; ")}</p>}
                {doubtsOf(stay).map((doubt) => (
                  <p key={doubt} className={css["doubt"]}>
                    <WarningIcon size={14} />
                    {doubt}
                  </p>
                ))}
              </div>
            </Cell>
            <Cell name="Room">
              <div>
                {stay.room_number ?? <span className={css["soft"]}>not yet</span>}
                {stay.room_type && <p className={css["soft"]}>{stay.room_type}</p>}
                {namesHotels && <p className={css["soft"]}>{hotelOf(stay.hotel_id)?.name}</p>}
              </div>
            </Cell>
            <Cell name="Stay">
              <div>
                <span className={css["whole"]}>{period(stay.arrival_date, stay.departure_date)}</span>
                <p className={css["soft"]}>{nights(stay.arrival_date, stay.departure_date)}</p>
              </div>
            </Cell>
            <Cell name="Status">
              <div>
                <Tag tone={status.tone}>{status.text}</Tag>
              </div>
            </Cell>
            <Cell name="Party">
              <div>
                {plural(stay.adults, "adult")}
                {stay.children > 0 && (
                  <p className={`${css["soft"]} ${css["whole"]}`}>{plural(stay.children, "child", "children")}</p>
                )}
              </div>
            </Cell>
            <Cell name="Confirmation" number>
              {stay.confirmation_number}
            </Cell>
            <Cell name="Confirmed by the PMS">
              {stay.synced_at && (
                <span className={css["soft"]}>
                  <Age at={stay.synced_at} />
                </span>
              )}
            </Cell>
          </Row>
        );
      })}
    </Table>
  );
}
