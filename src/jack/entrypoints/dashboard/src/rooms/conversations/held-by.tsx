import type { Conversation } from "../../api/types.ts";
import { Tag } from "../../shared/tag.tsx";
import { plain } from "../../shared/words.ts";

/** Who answers in a conversation: Jack or staff; a closed one is held by nobody until the sender writes again. */
export function HeldBy({ conversation }: { conversation: Conversation }) {
  if (conversation.state === "closed") return <Tag>Closed</Tag>;
  if (conversation.held_by === "jack") return <Tag tone="good">Held by Jack</Tag>;
  if (conversation.held_by === "staff") return <Tag tone="calm">Held by staff</Tag>;
  return <Tag>{plain(conversation.held_by)}</Tag>;
}
