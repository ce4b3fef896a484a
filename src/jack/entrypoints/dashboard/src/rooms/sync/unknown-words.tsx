import { useState } from "react";

import { useUnknownWords } from "../../api/sync.ts";
import type { Hotel } from "../../api/types.ts";
import { plural } from "../../shared/dates.ts";
import { More } from "../../shared/more.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { Loading } from "../../shared/states.tsx";
import { Age } from "../../shared/time.tsx";
import css from "./rejected-records.module.css";

/** Words of the PMS that Jack does not know; the records that hold them are used without them. */
export function UnknownWords({ hotel, count }: { hotel: Hotel; count: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const list = useUnknownWords(hotel.id, isOpen);
  if (count === 0) return null;
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <details className={css["rejected"]} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className={css["summary"]}>
        {plural(count, "word")} of the PMS {count === 1 ? "is" : "are"} not known to Jack
      </summary>
      {list.isLoading && <Loading what="the unknown words" />}
      {list.isLoadingError && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      <ul>
        {rows.map((row) => (
          <li key={`${row.system} ${row.field} ${row.value}`} className={css["record"]}>
            <p>
              <strong>{row.value || "(nothing readable)"}</strong> in {row.field} ({row.system})
            </p>
            <p className={css["soft"]}>
              First seen <Age at={row.first_seen_at} />, last seen <Age at={row.last_seen_at} />,{" "}
              {plural(row.times, "time")}
            </p>
          </li>
        ))}
      </ul>
      <More list={list} />
    </details>
  );
}
