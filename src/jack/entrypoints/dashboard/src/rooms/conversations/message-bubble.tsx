import { isPending } from "../../api/messages.ts";
import type { Message } from "../../api/types.ts";
import { MediaIcon, ReceiptIcon, WarningIcon } from "../../shared/icons.tsx";
import { Clock } from "../../shared/time.tsx";
import { deliveryStatus, plain, sentence } from "../../shared/words.ts";
import css from "./message-bubble.module.css";

interface Props {
  message: Message;
  zone: string | undefined;
  onExplain: (message: Message) => void;
}

/** One message: who wrote it, what, when, and what became of it. */
export function MessageBubble({ message, zone, onExplain }: Props) {
  const { author, direction } = message;
  const isJack = author.kind === "jack";
  return (
    <article className={`${css["message"]} ${css[direction]} ${css[author.kind]}`}>
      <p className={css["author"]}>
        <strong>{author.name || plain(author.kind)}</strong>
        {author.kind === "staff" && " of the staff"}
      </p>
      <div className={css["bubble"]}>
        {message.text && <p className={css["text"]}>{message.text}</p>}
        {message.media.map((media) => (
          <p key={media.ref} className={css["media"]}>
            <MediaIcon size={16} />
            {[plain(media.kind), media.file_name, media.caption !== message.text && media.caption]
              .filter(Boolean)
              .join(" · ")}
          </p>
        ))}
        {!message.text && message.media.length === 0 && <p className={css["media"]}>{plain(message.type)}</p>}
      </div>
      <p className={css["foot"]}>
        <Clock at={message.sent_at} zone={zone} />
        {direction === "outbound" && <Delivery message={message} />}
        {isJack && direction === "outbound" && (
          <button type="button" className={css["why"]} onClick={() => onExplain(message)}>
            <ReceiptIcon size={14} />
            Why did Jack say this?
          </button>
        )}
      </p>
    </article>
  );
}

function Delivery({ message }: { message: Message }) {
  if (isPending(message)) return <span>Sending…</span>;
  const { text, tone } = deliveryStatus(message.status);
  return (
    <span className={css[tone]}>
      {(tone === "bad" || tone === "warn") && <WarningIcon size={14} />}
      {text}
      {message.problem && `: ${sentence(message.problem)}`}
    </span>
  );
}
