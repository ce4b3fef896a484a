import { ConversationsIcon } from "../../shared/icons.tsx";
import { Empty } from "../../shared/states.tsx";
import { ConversationList } from "./conversation-list.tsx";
import { Conversation } from "./conversation.tsx";
import css from "./conversations-room.module.css";

/** The list of conversations and, beside it, the one that is open. */
export function ConversationsRoom({ id }: { id: string | undefined }) {
  return (
    <div className={css["room"]} data-open={id !== undefined}>
      <section className={css["list"]} aria-label="Conversations">
        <ConversationList openId={id} />
      </section>
      {id === undefined ? (
        <div className={css["nothing"]}>
          <Empty icon={<ConversationsIcon size={32} />} title="No conversation is open">
            Choose one from the list.
          </Empty>
        </div>
      ) : (
        <Conversation key={id} id={id} />
      )}
    </div>
  );
}
