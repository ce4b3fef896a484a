import type { ReactNode } from "react";

import type { SyncRun, SyncState } from "../../api/types.ts";
import { plural, span } from "../../shared/dates.ts";
import { Age, Clock } from "../../shared/time.tsx";
import { useNow } from "../../shared/use-now.ts";
import { sentence } from "../../shared/words.ts";
import css from "./standing.module.css";

interface Props {
  state: SyncState;
  zone: string;
}

/** In one sentence whether Jack's copy is good, and how far a run has come while it goes on. */
export function Standing({ state, zone }: Props) {
  const run = state.current_run;
  return (
    <div className={css["standing"]} role="status">
      {state.running ? (
        <>
          <p className={css["line"]}>
            <Dot tone="calm" />A run is going on
            {run && <>: {plural(readBy(run), "reservation")} read so far</>}.
          </p>
          <progress className={css["progress"]} aria-label="The run goes on" />
        </>
      ) : (
        <p className={css["line"]}>
          <Verdict state={state} />
        </p>
      )}
      {!state.running && state.next_run_at && <NextRun at={state.next_run_at} zone={zone} />}
    </div>
  );
}

function NextRun({ at, zone }: { at: string; zone: string }) {
  const now = useNow();
  if (Date.parse(at) <= now) return <p className={css["soft"]}>The next run is due now.</p>;
  return (
    <p className={css["soft"]}>
      The next run is due <Age at={at} zone={zone} />, at <Clock at={at} zone={zone} />.
    </p>
  );
}

function Verdict({ state }: { state: SyncState }): ReactNode {
  const last = state.last_run;
  if (!last) {
    return (
      <>
        <Dot tone="plain" />
        No run yet.
      </>
    );
  }
  const old = state.age_seconds === null ? "Nothing was read yet." : `Jack’s copy is ${span(state.age_seconds)} old.`;
  if (last.status === "failed") {
    return (
      <>
        <Dot tone="bad" />
        The last run failed. {last.error && sentence(last.error)} {old}
      </>
    );
  }
  if (last.status === "partial") {
    const why = last.error
      ? `The last run ended early: ${sentence(last.error)}`
      : `The last run read everything, but ${plural(last.rejected, "record")} could not be used.`;
    return (
      <>
        <Dot tone="warn" />
        {why} {old}
      </>
    );
  }
  return (
    <>
      <Dot tone="good" />
      The last run was complete. {old}
    </>
  );
}

function Dot({ tone }: { tone: string }) {
  return <span className={`${css["dot"]} ${css[tone]}`} aria-hidden="true" />;
}

/** How many reservations a run has read. */
export function readBy(run: SyncRun): number {
  return run.created + run.updated + run.unchanged + run.rejected;
}
