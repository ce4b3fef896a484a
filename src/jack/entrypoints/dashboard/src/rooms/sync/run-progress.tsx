import type { SyncState } from "../../api/types.ts";
import { plural, span } from "../../shared/dates.ts";
import { useNow } from "../../shared/use-now.ts";
import { runKind } from "../../shared/words.ts";
import { pace } from "./pace.ts";
import css from "./standing.module.css";

/** How far the run is that goes on: how much was read, how fast, and how long it will take where the PMS says. */
export function RunProgress({ state }: { state: SyncState }) {
  const now = useNow();
  const progress = state.progress;
  if (!progress) return <progress className={css["progress"]} aria-label="A run begins" />;
  const began = state.current_run ? Date.parse(state.current_run.started_at) : now;
  const { rate, left } = pace(progress.read, progress.total, (now - began) / 1000);
  return (
    <>
      <p className={css["soft"]}>
        {runKind(progress.kind)}: {plural(progress.read, "reservation")} read
        {progress.total !== null && ` of ${progress.total.toLocaleString("en-GB")}`}
        {rate >= 1 && `, ${Math.round(rate).toLocaleString("en-GB")} a second`}
        {left !== null && `, about ${span(left)} left`}.
      </p>
      {progress.total ? (
        <progress
          className={css["progress"]}
          value={Math.min(progress.read, progress.total)}
          max={progress.total}
          aria-label="Reservations read"
        />
      ) : (
        <progress className={css["progress"]} aria-label="The run goes on" />
      )}
    </>
  );
}
