import { useState } from "react";

import { useRejected } from "../../api/sync.ts";
import type { Hotel, Rejected } from "../../api/types.ts";
import { plural } from "../../shared/dates.ts";
import { More } from "../../shared/more.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { Loading } from "../../shared/states.tsx";
import { Age } from "../../shared/time.tsx";
import { plain, sentence } from "../../shared/words.ts";
import css from "./rejected-records.module.css";

/** Records that could not be read or kept, each with its reason and as it came; shown when somebody asks. */
export function RejectedRecords({ hotel, count }: { hotel: Hotel; count: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const list = useRejected(hotel.id, isOpen);
  if (count === 0) return null;
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <details className={css["rejected"]} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className={css["summary"]}>{plural(count, "record")} could not be used; runs try again</summary>
      {list.isLoading && <Loading what="the rejected records" />}
      {list.isLoadingError && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      <ul>
        {rows.map((row) => (
          <Record
            key={`${row.kind} ${row.external_ref?.system} ${row.external_ref?.key} ${row.first_seen_at}`}
            row={row}
          />
        ))}
      </ul>
      <More list={list} />
    </details>
  );
}

function Record({ row }: { row: Rejected }) {
  return (
    <li className={css["record"]}>
      <p>
        <strong>{plain(row.kind)}</strong>
        {row.external_ref && ` ${row.external_ref.key} (${row.external_ref.system})`}: {sentence(row.reason)}
      </p>
      <p className={css["soft"]}>
        First seen <Age at={row.first_seen_at} />, last seen <Age at={row.last_seen_at} />
      </p>
      {row.raw && (
        <details>
          <summary className={css["soft"]}>As it came</summary>
          <pre className={css["raw"]}>{row.raw}</pre>
        </details>
      )}
    </li>
  );
}
