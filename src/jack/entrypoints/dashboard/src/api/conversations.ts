import { useEffect } from "react";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask } from "./client.ts";
import { usePages } from "./pages.ts";
import type { Conversation } from "./types.ts";

const LIST_EVERY = 3_000;
const ONE_EVERY = 2_000;

const KEY = "conversations";

interface Filter {
  hotelId: string | undefined;
  needsAttention: boolean;
}

/** The conversations by their last message, newest first. */
export function useConversations({ hotelId, needsAttention }: Filter) {
  return usePages<Conversation>({
    key: [KEY, { hotelId, needsAttention }],
    read: (cursor, signal) =>
      ask("get", "/api/v1/conversations", {
        query: { hotel_id: hotelId, needs_attention: needsAttention || undefined, cursor },
        signal,
      }),
    every: LIST_EVERY,
  });
}

/** How many conversations people must look at: at most fifty are counted. `error` tells that Jack cannot be asked now. */
export function useNeedsAttention(hotelId: string | undefined) {
  const list = useConversations({ hotelId, needsAttention: true });
  const first = list.data?.pages[0];
  return { count: first?.items.length ?? 0, more: first?.next_cursor != null, error: list.error };
}

/** One conversation. */
export function useConversation(id: string) {
  return useQuery({
    queryKey: [KEY, id],
    queryFn: ({ signal }) =>
      ask("get", "/api/v1/conversations/{conversation_id}", { path: { conversation_id: id }, signal }),
    refetchInterval: ONE_EVERY,
  });
}

/** Tell Jack that somebody reads a conversation, as long as it is open and something in it is unread. */
export function useSeen(conversation: Conversation | undefined, may: boolean) {
  const client = useQueryClient();
  const { id, unread } = conversation ?? { id: undefined, unread: 0 };
  useEffect(() => {
    if (!id || !unread || !may) return;
    // Whether it is noted matters to nobody who reads: the next message tries again.
    void ask("post", "/api/v1/conversations/{conversation_id}/seen", { path: { conversation_id: id } }).then(
      () => client.invalidateQueries({ queryKey: [KEY] }),
      () => undefined,
    );
  }, [client, id, unread, may]);
}

/** What staff do with a conversation as a whole. */
export type Deed = "take-over" | "hand-back" | "close";

/**
 * Take over, hand back or close. Nothing is shown before the server confirms it: "held by staff" is a promise that no
 * word of Jack's leaves any more.
 */
export function useDeed(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deed: Deed) =>
      ask("post", `/api/v1/conversations/{conversation_id}/${deed}`, { path: { conversation_id: id } }),
    onSuccess: (conversation) => client.setQueryData([KEY, id], conversation),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: [KEY] });
      void client.invalidateQueries({ queryKey: ["messages", id] }); // what had not left is withdrawn
    },
  });
}
