import { useId, useState, type FormEvent, type KeyboardEvent } from "react";

import { useMessages, useReply } from "../../api/messages.ts";
import { Problem } from "../../api/problem.ts";
import type { Conversation } from "../../api/types.ts";
import { Button } from "../../shared/button.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { useNow } from "../../shared/use-now.ts";
import { useHouse } from "../../shell/house.tsx";
import css from "./reply-box.module.css";

const LONGEST = 4096;
/** For how long after the sender's last message WhatsApp takes free text. */
const WINDOW = 24 * 60 * 60 * 1000;

/** Where staff write to the guest. Whoever writes holds the conversation from then on. */
export function ReplyBox({ conversation }: { conversation: Conversation }) {
  const { member, mayAct } = useHouse();
  const reply = useReply(conversation.id, member);
  const [text, setText] = useState("");
  const isLate = useIsLate(conversation);
  const id = useId();
  if (!mayAct) return <p className={css["viewer"]}>You may read along. Writing needs the role agent.</p>;

  const send = () => {
    const said = text.trim();
    if (!said || reply.isPending) return;
    setText("");
    // what could not be sent comes back, unless something new was begun meanwhile
    reply.mutate(said, { onError: () => setText((now) => now || said) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };

  return (
    <form className={css["reply"]} onSubmit={submit}>
      {reply.error && (
        <ProblemNotice error={reply.error}>
          {Problem.from(reply.error).passes &&
            "Nobody knows whether your reply was taken. Look at the messages before you send it again."}
        </ProblemNotice>
      )}
      <label htmlFor={id}>Reply to the guest</label>
      <textarea
        id={id}
        className={css["text"]}
        rows={2}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={press}
        aria-describedby={`${id}-hint`}
      />
      <p id={`${id}-hint`} className={css["hint"]}>
        {hint(conversation, isLate)}
      </p>
      <Button look="primary" type="submit" disabled={!text.trim()} busy={reply.isPending}>
        Send
      </Button>
    </form>
  );
}

function hint(conversation: Conversation, isLate: boolean): string {
  if (isLate) return "The guest last wrote more than 24 hours ago, so WhatsApp may refuse this reply.";
  if (conversation.held_by === "jack") return "Sending takes the conversation over: Jack then says nothing.";
  return "Staff hold this conversation. Ctrl + Enter sends.";
}

function useIsLate(conversation: Conversation): boolean {
  const { data } = useMessages(conversation.id);
  const now = useNow();
  if (conversation.channel !== "whatsapp" || !data) return false;
  const last = data.pages[0]?.items.findLast((message) => message.direction === "inbound");
  return last !== undefined && now - Date.parse(last.sent_at) > WINDOW;
}
