import { useId } from "react";

import { useFollowedRuns, useSyncState } from "../../api/sync.ts";
import type { Hotel } from "../../api/types.ts";
import { ProblemNotice } from "../../shared/notice.tsx";
import room from "../../shared/room.module.css";
import { Loading } from "../../shared/states.tsx";
import { Counts } from "./counts.tsx";
import css from "./hotel-sync.module.css";
import { MissingStays } from "./missing-stays.tsx";
import { RejectedRecords } from "./rejected-records.tsx";
import { RunNow } from "./run-now.tsx";
import { Runs } from "./runs.tsx";
import { Standing } from "./standing.tsx";
import { UnknownWords } from "./unknown-words.tsx";
import { UnreadableNotices } from "./unreadable-notices.tsx";

/** The sync of one hotel: where it stands, what Jack holds, run now, history, what was not understood. */
export function HotelSync({ hotel }: { hotel: Hotel }) {
  const state = useSyncState(hotel.id);
  useFollowedRuns(state.data);
  const id = useId();
  return (
    <section className={room["card"]} aria-labelledby={id}>
      <header className={css["head"]}>
        <h2 id={id}>{hotel.name}</h2>
        {state.data && <RunNow state={state.data} />}
      </header>
      {state.isPending && <Loading what="the sync" />}
      {state.isLoadingError && <ProblemNotice error={state.error} retry={() => void state.refetch()} />}
      {state.data && (
        <>
          <Standing state={state.data} zone={hotel.time_zone} />
          <MissingStays state={state.data} />
          <Counts state={state.data} zone={hotel.time_zone} />
          <Runs hotel={hotel} />
          <RejectedRecords hotel={hotel} count={state.data.rejected} />
          <UnknownWords hotel={hotel} count={state.data.unknown} />
          <UnreadableNotices hotel={hotel} count={state.data.unreadable_notices} />
        </>
      )}
    </section>
  );
}
