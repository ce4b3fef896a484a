import { useMutation, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";

import { ask } from "./client.ts";
import { usePages } from "./pages.ts";
import type { Message, Page, StaffMember } from "./types.ts";

const EVERY = 2_000;
const PENDING = "pending:";

const key = (conversationId: string) => ["messages", conversationId];

/** The messages of a conversation, oldest first within a page; the first page has the newest. */
export function useMessages(conversationId: string) {
  return usePages<Message>({
    key: key(conversationId),
    read: (cursor, signal) =>
      ask("get", "/api/v1/conversations/{conversation_id}/messages", {
        path: { conversation_id: conversationId },
        query: { cursor },
        signal,
      }),
    every: EVERY,
  });
}

/** What happened to the guest's stays meanwhile, oldest first. */
export function useStayEvents(conversationId: string) {
  return useQuery({
    queryKey: ["timeline", conversationId],
    queryFn: ({ signal }) =>
      ask("get", "/api/v1/conversations/{conversation_id}/timeline", {
        path: { conversation_id: conversationId },
        query: { limit: 200 },
        signal,
      }),
    select: (page) => page.items.flatMap((item) => item.stay_event ?? []),
    refetchInterval: 10_000,
  });
}

/** True for a reply that is shown although the server has not confirmed it yet. */
export const isPending = (message: Message) => message.id.startsWith(PENDING);

/** Write to the guest. The reply is shown at once, and taken away again when the server refuses it. */
export function useReply(conversationId: string, member: StaffMember) {
  const client = useQueryClient();
  const change = (how: (messages: Message[]) => Message[]) =>
    client.setQueryData<InfiniteData<Page<Message>>>(key(conversationId), (data) => data && newestPage(data, how));
  return useMutation({
    mutationFn: (text: string) =>
      ask("post", "/api/v1/conversations/{conversation_id}/messages", {
        path: { conversation_id: conversationId },
        body: { text },
      }),
    onMutate: async (text) => {
      await client.cancelQueries({ queryKey: key(conversationId) });
      const shown = pending(conversationId, member, text);
      change((messages) => [...messages, shown]);
      return shown.id;
    },
    onSuccess: (message, _, pendingId) =>
      change((messages) => [...messages.filter((m) => m.id !== pendingId && m.id !== message.id), message]),
    onError: (_, __, pendingId) => change((messages) => messages.filter((m) => m.id !== pendingId)),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: key(conversationId) });
      void client.invalidateQueries({ queryKey: ["conversations"] });
    },
  });
}

/** Why Jack said it. What a receipt says never changes. */
export function useReceipt(messageId: string) {
  return useQuery({
    queryKey: ["receipt", messageId],
    queryFn: ({ signal }) =>
      ask("get", "/api/v1/messages/{message_id}/receipt", { path: { message_id: messageId }, signal }),
    staleTime: Infinity,
  });
}

function newestPage(
  data: InfiniteData<Page<Message>>,
  how: (messages: Message[]) => Message[],
): InfiniteData<Page<Message>> {
  const [first, ...older] = data.pages;
  return first ? { ...data, pages: [{ ...first, items: how(first.items) }, ...older] } : data;
}

function pending(conversationId: string, member: StaffMember, text: string): Message {
  const now = new Date().toISOString();
  return {
    id: `${PENDING}${now}`,
    conversation_id: conversationId,
    direction: "outbound",
    author: { kind: "staff", name: member.name },
    type: "text",
    text,
    media: [],
    status: "queued",
    problem: null,
    created_at: now,
    sent_at: now,
    provider_id: null,
  };
}
