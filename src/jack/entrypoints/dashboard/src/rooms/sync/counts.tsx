import type { ReactNode } from "react";

import type { SyncState } from "../../api/types.ts";
import { Age, Moment } from "../../shared/time.tsx";
import { plain } from "../../shared/words.ts";
import css from "./counts.module.css";

/** What Jack holds of this hotel now, and up to when it has read everything. */
export function Counts({ state, zone }: { state: SyncState; zone: string }) {
  return (
    <dl className={css["counts"]}>
      <Count name="Reservations">
        <Number of={state.reservations} />
      </Count>
      <Count name="Guests">
        <Number of={state.guests} />
      </Count>
      <Count name="Rejected records">
        <Number of={state.rejected} />
      </Count>
      <Count name="Pushes that wait">
        <Number of={state.waiting_notices} />
      </Count>
      <Count name="Last success">
        {state.last_success_at ? <Age at={state.last_success_at} zone={zone} /> : "Never"}
      </Count>
      <Count name="Everything read up to">
        {state.cursor ? <Moment at={state.cursor} zone={zone} /> : "Nothing yet"}
      </Count>
      <Count name="PMS">
        <span title={`It can: ${state.capabilities.map(plain).join(", ") || "nothing that Jack knows of"}`}>
          {plain(state.system)}
        </span>
      </Count>
    </dl>
  );
}

function Count({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={css["count"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Number({ of }: { of: number }) {
  return <span className={css["number"]}>{of.toLocaleString("en-GB")}</span>;
}
