import { Fragment, useMemo, useState } from "react";

import { useMessages, useStayEvents } from "../../api/messages.ts";
import type { Conversation, Message } from "../../api/types.ts";
import { Button } from "../../shared/button.tsx";
import { day, dayName } from "../../shared/dates.ts";
import { More } from "../../shared/more.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { Empty, Loading } from "../../shared/states.tsx";
import { useNow } from "../../shared/use-now.ts";
import { MessageBubble } from "./message-bubble.tsx";
import css from "./message-list.module.css";
import { ReceiptDrawer } from "./receipt-drawer.tsx";
import { StayLine } from "./stay-line.tsx";
import { useStickToEnd } from "./use-stick-to-end.ts";

interface Props {
  conversation: Conversation;
  zone: string | undefined;
}

/** What was said, oldest first, day by day. New messages are announced, and followed unless somebody reads further up. */
export function MessageList({ conversation, zone }: Props) {
  const list = useMessages(conversation.id);
  const messages = useMemo(() => inOrder(list.data?.pages ?? []), [list.data]);
  const happened = useStayEvents(conversation.id).data ?? [];
  const { box, isAtEnd, toEnd } = useStickToEnd(messages.at(-1)?.id);
  const [explained, setExplained] = useState<Message | null>(null);
  const today = day(useNow(), zone);

  return (
    <div className={css["around"]}>
      {/* the box scrolls, so that it must be reachable by keyboard */}
      <div ref={box} className={css["messages"]} role="log" aria-label="Messages" tabIndex={0}>
        {list.isPending && <Loading what="messages" lines={4} />}
        {list.isLoadingError && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
        {list.data && messages.length === 0 && <Empty title="Nothing was said yet" />}
        <More list={list}>Show earlier messages</More>
        {messages.map((message, index) => {
          const of = day(message.sent_at, zone);
          const before = messages[index - 1];
          return (
            <Fragment key={message.id}>
              {(before === undefined || day(before.sent_at, zone) !== of) && (
                <h3 className={css["day"]}>
                  <span>{dayName(of, today)}</span>
                </h3>
              )}
              {happened
                .filter((event) => isBetween(event.at, before?.sent_at, message.sent_at))
                .map((event) => (
                  <StayLine key={event.id} event={event} zone={zone} />
                ))}
              <MessageBubble message={message} zone={zone} onExplain={setExplained} />
            </Fragment>
          );
        })}
        {happened
          .filter((event) => isBetween(event.at, messages.at(-1)?.sent_at, undefined))
          .map((event) => (
            <StayLine key={event.id} event={event} zone={zone} />
          ))}
      </div>
      {!isAtEnd && (
        <Button className={css["newest"]} onClick={toEnd}>
          To the newest message
        </Button>
      )}
      {explained && (
        <ReceiptDrawer message={explained} messages={messages} zone={zone} onClose={() => setExplained(null)} />
      )}
    </div>
  );
}

/** True from just after one instant to another; an end that is not given is open. */
function isBetween(at: string, after: string | undefined, until: string | undefined): boolean {
  return (after === undefined || Date.parse(at) > Date.parse(after)) && (until === undefined || Date.parse(at) <= Date.parse(until));
}

/** The pages come newest first, each with its oldest message first. */
function inOrder(pages: readonly { items: Message[] }[]): Message[] {
  return pages.toReversed().flatMap((page) => page.items);
}
