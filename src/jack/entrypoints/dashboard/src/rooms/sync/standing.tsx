import type { ReactNode } from "react";

import type { SyncRun, SyncState } from "../../api/types.ts";
import { plural, span } from "../../shared/dates.ts";
import { Age, Clock } from "../../shared/time.tsx";
import { useNow } from "../../shared/use-now.ts";
import { sentence } from "../../shared/words.ts";
import { RunProgress } from "./run-progress.tsx";
import css from "./standing.module.css";

interface Props {
  state: SyncState;
  zone: string;
}

/** In one sentence whether Jack's copy is good, and how far a run has come while it goes on. */
export function Standing({ state, zone }: Props) {
  return (
    <div className={css["standing"]}>
      {/* only what changes rarely is announced, not every count and age */}
      <p className={css["line"]} role="status">
        {state.running ? <Line tone="calm">A run is going on.</Line> : <Verdict last={state.last_run} />}
      </p>
      {state.unreachable_since && (
        <p className={css["line"]} role="status">
          <Line tone="bad">
            The PMS has not answered since <Clock at={state.unreachable_since} zone={zone} /> (
            <Age at={state.unreachable_since} zone={zone} />
            ). Jack goes on with what it has and tries again.
          </Line>
        </p>
      )}
      {state.running ? (
        <RunProgress state={state} />
      ) : (
        state.age_seconds !== null && <p className={css["soft"]}>Jack’s copy is {span(state.age_seconds)} old.</p>
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

function Verdict({ last }: { last: SyncRun | null }) {
  if (!last) return <Line tone="plain">No run yet.</Line>;
  const why = last.error && sentence(last.error);
  if (last.status === "failed") return <Line tone="bad">The last run failed. {why}</Line>;
  if (last.status === "partial" && why) return <Line tone="warn">The last run ended early. {why}</Line>;
  if (last.status === "partial") {
    return <Line tone="warn">The last run read everything, but could not use {plural(last.rejected, "record")}.</Line>;
  }
  return <Line tone="good">The last run was complete.</Line>;
}

function Line({ tone, children }: { tone: "plain" | "good" | "warn" | "bad" | "calm"; children: ReactNode }) {
  return (
    <>
      <span className={`${css["dot"]} ${css[tone]}`} aria-hidden="true" />
      {children}
    </>
  );
}
