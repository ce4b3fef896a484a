import { Link } from "wouter";

import type { Conversation } from "../../api/types.ts";
import { Tag } from "../../shared/tag.tsx";
import { Shortly } from "../../shared/time.tsx";
import { channel, sentence } from "../../shared/words.ts";
import { useHouse } from "../../shell/house.tsx";
import css from "./conversation-row.module.css";
import { HeldBy } from "./held-by.tsx";
import { senderOf } from "./sender.ts";

interface Props {
  conversation: Conversation;
  isOpen: boolean;
  search: string;
}

/** One conversation in the list. */
export function ConversationRow({ conversation, isOpen, search }: Props) {
  const { hotelOf, namesHotels } = useHouse();
  const hotel = hotelOf(conversation.hotel_id);
  const isUnread = conversation.unread > 0;
  return (
    <li>
      <Link
        href={`/conversations/${conversation.id}${search && `?${search}`}`}
        className={css["row"]}
        aria-current={isOpen ? "true" : undefined}
        data-unread={isUnread}
      >
        <span className={css["top"]}>
          <span className={css["name"]}>{senderOf(conversation)}</span>
          {conversation.last_message_at && (
            <span className={css["when"]}>
              <Shortly at={conversation.last_message_at} zone={hotel?.time_zone} />
            </span>
          )}
        </span>
        <span className={css["middle"]}>
          <span className={css["text"]}>{conversation.last_message_text || "No text"}</span>
          {isUnread && (
            <span className={css["unread"]}>
              {conversation.unread}
              <span className="visually-hidden"> unread</span>
            </span>
          )}
        </span>
        <span className={css["bottom"]}>
          <HeldBy conversation={conversation} />
          {conversation.room_number && <span>Room {conversation.room_number}</span>}
          <span>{channel(conversation.channel)}</span>
          {namesHotels && <span>{hotel?.name ?? conversation.hotel_id}</span>}
        </span>
        {conversation.needs_attention && (
          <span className={css["attention"]}>
            <Tag tone="warn">Needs attention</Tag>
            {conversation.attention_reason && (
              <span className={css["reason"]}>{sentence(conversation.attention_reason)}</span>
            )}
          </span>
        )}
      </Link>
    </li>
  );
}
