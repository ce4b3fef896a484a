import type { ReactNode } from "react";

import { Problem } from "../api/problem.ts";
import { Button } from "./button.tsx";
import { WarningIcon } from "./icons.tsx";
import css from "./notice.module.css";

interface Props {
  tone?: "bad" | "warn" | "calm";
  children: ReactNode;
}

/** Something that people should read; a bad one is announced at once. */
export function Notice({ tone = "calm", children }: Props) {
  return (
    <div className={`${css["notice"]} ${css[tone]}`} role={tone === "bad" ? "alert" : "status"}>
      {tone !== "calm" && <WarningIcon />}
      <div className={css["text"]}>{children}</div>
    </div>
  );
}

interface ProblemProps {
  error: Error;
  retry?: (() => void) | undefined;
  /** What it means here. */
  children?: ReactNode;
}

/** What went wrong, in plain words, with a way to try again. */
export function ProblemNotice({ error, retry, children }: ProblemProps) {
  const problem = Problem.from(error);
  return (
    <Notice tone="bad">
      <strong>{problem.title}</strong>
      {problem.detail && <p>{problem.detail}</p>}
      {children && <p>{children}</p>}
      {retry && (
        <Button look="quiet" onClick={retry}>
          Try again
        </Button>
      )}
    </Notice>
  );
}
