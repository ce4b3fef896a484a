import type { ReactNode } from "react";

import css from "./tag.module.css";

/** The colour of a small statement. */
export type Tone = "plain" | "good" | "warn" | "bad" | "calm" | "brass";

/** A short statement about the thing beside it: a status, a tier. */
export function Tag({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${css["tag"]} ${css[tone]}`}>{children}</span>;
}
