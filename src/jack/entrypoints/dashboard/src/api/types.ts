/** Short names for what the API answers with. */

import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type StaffMember = Schemas["StaffView"];
export type Hotel = Schemas["HotelView"];
export type Conversation = Schemas["ConversationView"];
export type Match = Schemas["MatchView"];
export type Message = Schemas["MessageView"];
export type StayEvent = Schemas["StayEventView"];
export type Receipt = Schemas["Receipt"];
export type Guest = Schemas["GuestView"];
export type Reservation = Schemas["ReservationView"];
export type ReservationStatus = Schemas["ReservationStatus"];
export type SyncState = Schemas["SyncStateView"];
export type SyncRun = Schemas["SyncRunView"];
export type Rejected = Schemas["RejectedView"];
export type UnknownValue = Schemas["UnknownValueView"];
export type UnreadableNotice = Schemas["UnreadableNoticeView"];

/** One page of a list. */
export interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
}
