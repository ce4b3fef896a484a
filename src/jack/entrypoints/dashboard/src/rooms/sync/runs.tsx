import { useSyncRuns } from "../../api/sync.ts";
import type { Hotel, SyncRun } from "../../api/types.ts";
import { span } from "../../shared/dates.ts";
import { More } from "../../shared/more.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { Loading } from "../../shared/states.tsx";
import { Cell, Row, Table } from "../../shared/table.tsx";
import { Tag } from "../../shared/tag.tsx";
import { Moment } from "../../shared/time.tsx";
import { runKind, runStatus, sentence } from "../../shared/words.ts";
import css from "./runs.module.css";

const COLUMNS = ["Began", "What", "Status", "Created", "Updated", "Unchanged", "Rejected", "Gone", "Took"] as const;

/** The history of the sync, newest first. */
export function Runs({ hotel }: { hotel: Hotel }) {
  const list = useSyncRuns(hotel.id);
  const runs = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <Loading what="the runs" />;
  if (list.isLoadingError) return <ProblemNotice error={list.error} retry={() => void list.refetch()} />;
  if (runs.length === 0) return null;
  return (
    <>
      <Table caption={`Runs of ${hotel.name}`} columns={COLUMNS}>
        {runs.map((run) => (
          <Run key={run.id} run={run} zone={hotel.time_zone} />
        ))}
      </Table>
      <More list={list}>Show earlier runs</More>
    </>
  );
}

function Run({ run, zone }: { run: SyncRun; zone: string }) {
  const status = runStatus(run.status);
  return (
    <Row>
      <Cell name="Began">
        <Moment at={run.started_at} zone={zone} />
      </Cell>
      <Cell name="What">{runKind(run.kind)}</Cell>
      <Cell name="Status">
        <div>
          <Tag tone={status.tone}>{status.text}</Tag>
          {run.error && <p className={css["error"]}>{sentence(run.error)}</p>}
        </div>
      </Cell>
      {(["created", "updated", "unchanged", "rejected", "gone"] as const).map((count) => (
        <Cell key={count} name={COLUMNS.find((column) => column.toLowerCase() === count) ?? count} number>
          <span className={run[count] === 0 ? css["zero"] : undefined}>{run[count].toLocaleString("en-GB")}</span>
        </Cell>
      ))}
      <Cell name="Took" number>
        {run.finished_at && span((Date.parse(run.finished_at) - Date.parse(run.started_at)) / 1000)}
      </Cell>
    </Row>
  );
}
