import { useState } from "react";

import { useUnreadableNotices } from "../../api/sync.ts";
import type { Hotel } from "../../api/types.ts";
import { plural } from "../../shared/dates.ts";
import { More } from "../../shared/more.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { Loading } from "../../shared/states.tsx";
import { Age } from "../../shared/time.tsx";
import { sentence } from "../../shared/words.ts";
import css from "./rejected-records.module.css";

/** Pushes of the PMS that could not be understood, each with its reason and its beginning. */
export function UnreadableNotices({ hotel, count }: { hotel: Hotel; count: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const list = useUnreadableNotices(hotel.id, isOpen);
  if (count === 0) return null;
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <details className={css["rejected"]} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className={css["summary"]}>{plural(count, "push", "pushes")} of the PMS could not be understood</summary>
      {list.isLoading && <Loading what="the unreadable pushes" />}
      {list.isLoadingError && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      <ul>
        {rows.map((row) => (
          <li key={row.id} className={css["record"]}>
            <p>{sentence(row.reason)}</p>
            <p className={css["soft"]}>
              Received <Age at={row.received_at} />
            </p>
            {row.raw && (
              <details>
                <summary className={css["soft"]}>As it came</summary>
                <pre className={css["raw"]}>{row.raw}</pre>
              </details>
            )}
          </li>
        ))}
      </ul>
      <More list={list} />
    </details>
  );
}
