import { Link } from "wouter";

import type { Guest } from "../../api/types.ts";
import { GuestTags, nameOf, PointValue } from "../../shared/guest-facts.tsx";
import { Cell, Row, Table } from "../../shared/table.tsx";
import { country, language, plain } from "../../shared/words.ts";
import { useHouse } from "../../shell/house.tsx";
import css from "./guest-table.module.css";

const COLUMNS = ["Guest", "Contact points", "Language", "Country", "Preferences"] as const;

/** Guests, one a row. */
export function GuestTable({ rows }: { rows: readonly Guest[] }) {
  const { hotelOf, namesHotels } = useHouse();
  return (
    <Table caption="Guests" columns={COLUMNS}>
      {rows.map((guest) => (
        <Row key={guest.id}>
          <Cell name="Guest">
            <div>
              <span className={css["name"]}>
                <Link href={`/guests/${guest.id}`}>{nameOf(guest)}</Link>
                <GuestTags guest={guest} />
              </span>
              {namesHotels && <p className={css["soft"]}>{hotelOf(guest.hotel_id)?.name}</p>}
            </div>
          </Cell>
          <Cell name="Contact points">
            {guest.contact_points.length > 0 && (
              <ul>
                {guest.contact_points.map((point) => (
                  <li key={`${point.kind} ${point.value}`} className={css["point"]}>
                    <PointValue value={point.value} />
                  </li>
                ))}
              </ul>
            )}
          </Cell>
          <Cell name="Language">{guest.language && language(guest.language)}</Cell>
          <Cell name="Country">{guest.country && country(guest.country)}</Cell>
          <Cell name="Preferences">
            {guest.preferences.length > 0 && (
              <span className={css["soft"]}>
                {guest.preferences.map(({ category, value }) => `${plain(category)}: ${value}`).join("; ")}
              </span>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
