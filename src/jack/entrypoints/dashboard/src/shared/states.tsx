import type { ReactNode } from "react";

import css from "./states.module.css";

/** What is on its way, with grey lines in its place. */
export function Loading({ what, lines = 3 }: { what: string; lines?: number }) {
  return (
    <div role="status" className={css["loading"]}>
      <span className="visually-hidden">Loading {what}…</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={css["line"]} />
      ))}
    </div>
  );
}

/** A place where there is nothing, and why that may be. */
export function Empty({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className={css["empty"]}>
      {icon}
      <p className={css["title"]}>{title}</p>
      {children && <div>{children}</div>}
    </div>
  );
}
