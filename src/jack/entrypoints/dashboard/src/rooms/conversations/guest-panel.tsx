import { Link } from "wouter";

import type { Conversation } from "../../api/types.ts";
import { useGuest, useReservation } from "../../api/stays.ts";
import { Fact, Facts } from "../../shared/facts.tsx";
import { GuestFacts, GuestTags, nameOf } from "../../shared/guest-facts.tsx";
import { Panel } from "../../shared/panel.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { Preferences } from "../../shared/preferences.tsx";
import { StayFacts } from "../../shared/stay-facts.tsx";
import { Loading } from "../../shared/states.tsx";
import css from "./guest-panel.module.css";
import { MatchFacts } from "./match-facts.tsx";
import { addressOf } from "./sender.ts";

interface Props {
  conversation: Conversation;
  zone: string | undefined;
}

/** Who is writing: the guest, the stay, what they like, and how Jack knows. */
export function GuestPanel({ conversation, zone }: Props) {
  const guest = useGuest(conversation.guest_id);
  const stay = useReservation(conversation.reservation_id);
  return (
    <>
      {conversation.guest_id === null && (
        <Panel title="Guest">
          <p>
            {conversation.match.outcome === "ambiguous"
              ? "Several guests may be writing; Jack does not guess which."
              : "Jack does not know who is writing."}
          </p>
          <Facts>
            <Fact name="Own name">{conversation.display_name}</Fact>
            <Fact name="Writes from">{addressOf(conversation)}</Fact>
          </Facts>
        </Panel>
      )}
      {guest.isLoading && <Loading what="the guest" />}
      {guest.isLoadingError && <ProblemNotice error={guest.error} retry={() => void guest.refetch()} />}
      {guest.data && (
        <GuestFacts guest={guest.data}>
          <div className={css["name"]}>
            <h2>{nameOf(guest.data)}</h2>
            <GuestTags guest={guest.data} />
          </div>
        </GuestFacts>
      )}

      {stay.isLoading && <Loading what="the stay" />}
      {stay.isLoadingError && <ProblemNotice error={stay.error} retry={() => void stay.refetch()} />}
      {stay.data && (
        <Panel title={stay.data.status === "checked_in" ? "Current stay" : "Stay"}>
          <StayFacts stay={stay.data} zone={zone} />
        </Panel>
      )}
      {guest.data && conversation.reservation_id === null && (
        <Panel title="Stay">
          <p>No stay around today.</p>
        </Panel>
      )}

      {guest.data && (
        <Panel title="Preferences">
          <Preferences preferences={guest.data.preferences} />
        </Panel>
      )}
      <Panel title="How the sender was matched">
        <MatchFacts match={conversation.match} />
      </Panel>
      {guest.data && (
        <Panel>
          <Link href={`/guests/${guest.data.id}`}>All stays of this guest</Link>
        </Panel>
      )}
    </>
  );
}
