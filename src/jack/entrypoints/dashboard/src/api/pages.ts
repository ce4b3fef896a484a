import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";

import type { Page } from "./types.ts";

interface Options<Row> {
  key: QueryKey;
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>;
  every?: number;
  enabled?: boolean;
}

/** A list that grows page by page; `every` refreshes what is shown, in milliseconds, while the page is visible. */
export function usePages<Row>({ key, read, every, enabled = true }: Options<Row>) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: every ?? false,
    enabled,
  });
}
