import { useConfirmMissing } from "../../api/sync.ts";
import type { SyncState } from "../../api/types.ts";
import { Button } from "../../shared/button.tsx";
import { plural } from "../../shared/dates.ts";
import { ProblemNotice } from "../../shared/notice.tsx";
import { useHouse } from "../../shell/house.tsx";
import css from "./missing-stays.module.css";

/** So many stays were missing at the PMS that nobody but staff can tell whether the hotel really lost them. */
export function MissingStays({ state }: { state: SyncState }) {
  const { mayAct } = useHouse();
  const confirm = useConfirmMissing(state.hotel_id);
  const missing = state.missing;
  if (!missing) return null;
  return (
    <div className={css["missing"]} role="alert">
      <p>
        <strong>
          {plural(missing.number, "stay")} of {missing.held.toLocaleString("en-GB")} are missing at the PMS.
        </strong>{" "}
        Nothing was marked as gone, because an outage or a narrowed permission looks the same. Look into the PMS first.
      </p>
      {missing.confirmed ? (
        <p>Confirmed: the next full sync asks for each of them once more and marks those that are gone.</p>
      ) : (
        mayAct && (
          <Button busy={confirm.isPending} onClick={() => confirm.mutate()}>
            The hotel really has lost them
          </Button>
        )
      )}
      {confirm.error && <ProblemNotice error={confirm.error} />}
    </div>
  );
}
