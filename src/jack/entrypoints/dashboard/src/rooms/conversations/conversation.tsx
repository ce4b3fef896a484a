import { useState } from "react";
import { Link, useSearch } from "wouter";

import { useConversation, useSeen } from "../../api/conversations.ts";
import { Button } from "../../shared/button.tsx";
import { BackIcon } from "../../shared/icons.tsx";
import { Notice, ProblemNotice } from "../../shared/notice.tsx";
import { Loading } from "../../shared/states.tsx";
import { useTitle } from "../../shared/use-title.ts";
import { channel, sentence } from "../../shared/words.ts";
import { useHouse } from "../../shell/house.tsx";
import css from "./conversation.module.css";
import { Deeds } from "./deeds.tsx";
import { GuestPanel } from "./guest-panel.tsx";
import { HeldBy } from "./held-by.tsx";
import { MessageList } from "./message-list.tsx";
import { ReplyBox } from "./reply-box.tsx";
import { addressOf, senderOf } from "./sender.ts";

/** One conversation: what was said, what staff can do, and beside it who is writing. */
export function Conversation({ id }: { id: string }) {
  const { data: conversation, error, isPending, refetch } = useConversation(id);
  const { hotelOf, mayAct, namesHotels } = useHouse();
  useSeen(conversation, mayAct);
  const [panelOpen, setPanelOpen] = useState(false);
  const search = useSearch();
  useTitle(conversation && senderOf(conversation), "Conversations");

  if (isPending) return <Loading what="the conversation" lines={6} />;
  if (!conversation) {
    return (
      <div className={css["problem"]}>
        <Back search={search} />
        <ProblemNotice error={error} retry={() => void refetch()} />
      </div>
    );
  }
  const hotel = hotelOf(conversation.hotel_id);
  return (
    <div className={css["conversation"]} data-panel={panelOpen}>
      <section className={css["thread"]} aria-label={`Conversation with ${senderOf(conversation)}`}>
        <header className={css["head"]}>
          <Back search={search} />
          <div className={css["who"]}>
            <h2>{senderOf(conversation)}</h2>
            <p className={css["about"]}>
              <HeldBy conversation={conversation} />
              <span>{channel(conversation.channel)}</span>
              <span>{addressOf(conversation)}</span>
              {namesHotels && <span>{hotel?.name}</span>}
            </p>
          </div>
          <Button
            className={css["panelButton"]}
            aria-expanded={panelOpen}
            aria-controls="guest-panel"
            onClick={() => setPanelOpen(!panelOpen)}
          >
            {panelOpen ? "Messages" : "Guest"}
          </Button>
          <Deeds conversation={conversation} />
        </header>
        {conversation.needs_attention && (
          <Notice tone="warn">
            <strong>Needs attention.</strong> {conversation.attention_reason && sentence(conversation.attention_reason)}
          </Notice>
        )}
        <MessageList conversation={conversation} zone={hotel?.time_zone} />
        <ReplyBox conversation={conversation} />
      </section>
      <aside id="guest-panel" className={css["panel"]} aria-label="Guest">
        <GuestPanel conversation={conversation} zone={hotel?.time_zone} />
      </aside>
    </div>
  );
}

function Back({ search }: { search: string }) {
  return (
    <Link href={`/conversations${search && `?${search}`}`} className={css["back"]}>
      <BackIcon />
      <span className="visually-hidden">Back to the conversations</span>
    </Link>
  );
}
