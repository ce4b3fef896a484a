import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { ask } from "./client.ts";
import { usePages } from "./pages.ts";
import type { Rejected, SyncRun, SyncState, UnknownValue, UnreadableNotice } from "./types.ts";

const RUNNING_EVERY = 700;
const IDLE_EVERY = 5_000;
/** How long after "run now" the state is looked at often, because the run begins in the background. */
const EXPECT_FOR = 10_000;

const key = (hotelId: string, part: string) => ["sync", hotelId, part];

/** Where the sync of a hotel stands; looked at often while a run goes on or is expected. */
export function useSyncState(hotelId: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: key(hotelId, "state"),
    queryFn: ({ signal }) => ask("get", "/api/v1/hotels/{hotel_id}/sync", { path: { hotel_id: hotelId }, signal }),
    refetchInterval: (query) => {
      const rung = client.getQueryData<number>(key(hotelId, "rung")) ?? 0;
      return query.state.data?.running || Date.now() - rung < EXPECT_FOR ? RUNNING_EVERY : IDLE_EVERY;
    },
  });
}

/** Read history and bad records again as soon as a run begins or ends, instead of at the next look. */
export function useFollowedRuns(state: SyncState | undefined) {
  const client = useQueryClient();
  const hotelId = state?.hotel_id;
  const [going, last] = [state?.current_run?.id, state?.last_run?.id];
  useEffect(() => {
    if (hotelId === undefined) return;
    void client.invalidateQueries({ queryKey: key(hotelId, "runs") });
    for (const list of ["rejected", "unknown", "notices"]) {
      void client.invalidateQueries({ queryKey: key(hotelId, list) });
    }
  }, [client, hotelId, going, last]);
}

/** The runs of a hotel, newest first. */
export function useSyncRuns(hotelId: string) {
  return usePages<SyncRun>({
    key: key(hotelId, "runs"),
    read: (cursor, signal) =>
      ask("get", "/api/v1/hotels/{hotel_id}/sync/runs", {
        path: { hotel_id: hotelId },
        query: { cursor, limit: 10 },
        signal,
      }),
    every: IDLE_EVERY,
  });
}

/** The records that could not be read or kept, newest first. */
export function useRejected(hotelId: string, enabled: boolean) {
  return usePages<Rejected>({
    key: key(hotelId, "rejected"),
    read: (cursor, signal) =>
      ask("get", "/api/v1/hotels/{hotel_id}/sync/rejected", {
        path: { hotel_id: hotelId },
        query: { cursor, limit: 20 },
        signal,
      }),
    every: IDLE_EVERY,
    enabled,
  });
}

/** The words of the PMS that Jack does not know, those seen last first. */
export function useUnknownWords(hotelId: string, enabled: boolean) {
  return usePages<UnknownValue>({
    key: key(hotelId, "unknown"),
    read: (cursor, signal) =>
      ask("get", "/api/v1/hotels/{hotel_id}/sync/unknown", {
        path: { hotel_id: hotelId },
        query: { cursor, limit: 20 },
        signal,
      }),
    every: IDLE_EVERY,
    enabled,
  });
}

/** The pushes that could not be understood, newest first. */
export function useUnreadableNotices(hotelId: string, enabled: boolean) {
  return usePages<UnreadableNotice>({
    key: key(hotelId, "notices"),
    read: (cursor, signal) =>
      ask("get", "/api/v1/hotels/{hotel_id}/sync/notices", {
        path: { hotel_id: hotelId },
        query: { cursor, limit: 20 },
        signal,
      }),
    every: IDLE_EVERY,
    enabled,
  });
}

/** The hotel really has lost what was missing. */
export function useConfirmMissing(hotelId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask("post", "/api/v1/hotels/{hotel_id}/sync/confirm-missing", { path: { hotel_id: hotelId } }),
    onSuccess: () => client.setQueryData(key(hotelId, "rung"), Date.now()),
    onSettled: () => void client.invalidateQueries({ queryKey: ["sync", hotelId] }),
  });
}

/** Run now: what changed, or everything. */
export function useRunNow(hotelId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (kind: "changes" | "full") =>
      ask("post", "/api/v1/hotels/{hotel_id}/sync/runs", { path: { hotel_id: hotelId }, body: { kind } }),
    onSuccess: () => client.setQueryData(key(hotelId, "rung"), Date.now()),
    onSettled: () => void client.invalidateQueries({ queryKey: ["sync", hotelId] }),
  });
}
