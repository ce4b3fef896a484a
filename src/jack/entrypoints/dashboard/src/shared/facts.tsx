import type { ReactNode } from "react";

import css from "./facts.module.css";

/** Facts, each with its name; one without a value is left out. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={css["facts"]}>{children}</dl>;
}

/** One fact with its name. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === "" || children === false) return null;
  return (
    <div className={css["fact"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
