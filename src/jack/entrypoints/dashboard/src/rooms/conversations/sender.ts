import type { Conversation } from "../../api/types.ts";

/** Who writes: the guest's name once known, else what the sender calls themself, else where they write from. */
export function senderOf(conversation: Conversation): string {
  return conversation.guest_name || conversation.display_name || addressOf(conversation);
}

/** Where replies go, as people write it. */
export function addressOf({ address }: Conversation): string {
  return /^[1-9]\d{6,14}$/.test(address) ? `+${address}` : address;
}
