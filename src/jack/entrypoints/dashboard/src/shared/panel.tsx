import { useId, type ReactNode } from "react";

import css from "./panel.module.css";

/** One part of a panel, with its heading. */
export function Panel({ title, children }: { title?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={css["panel"]} aria-labelledby={title && id}>
      {title && (
        <h3 id={id} className={css["title"]}>
          {title}
        </h3>
      )}
      {children}
    </section>
  );
}
