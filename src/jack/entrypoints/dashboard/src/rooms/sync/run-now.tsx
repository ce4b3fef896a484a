import { useRunNow } from "../../api/sync.ts";
import type { SyncState } from "../../api/types.ts";
import { Button } from "../../shared/button.tsx";
import { SyncIcon } from "../../shared/icons.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { useHouse } from "../../shell/house.tsx";
import css from "./run-now.module.css";

/** Run now: what changed since the last run, or everything around today and what is gone. */
export function RunNow({ state }: { state: SyncState }) {
  const { mayAct } = useHouse();
  const run = useRunNow(state.hotel_id);
  if (!mayAct) return null;
  const busy = run.isPending || state.running;
  return (
    <>
      <div className={css["buttons"]}>
        <Button look="primary" busy={busy} onClick={() => run.mutate("changes")}>
          <SyncIcon size={16} />
          Run now
        </Button>
        <Button
          busy={busy}
          onClick={() => run.mutate("full")}
          title="Reads everything around today and finds what is gone"
        >
          Full sync
        </Button>
      </div>
      {run.error && <ProblemNotice error={run.error} />}
    </>
  );
}
