/** The API's words as people read them. A word that is not known here is shown as it came, never hidden. */

import type { Tone } from "./tag.tsx";

/** What people read, and the colour that goes with it. */
export interface Word {
  text: string;
  tone: Tone;
}

const RESERVATION: Record<string, Word> = {
  tentative: { text: "Tentative", tone: "warn" },
  confirmed: { text: "Confirmed", tone: "calm" },
  checked_in: { text: "Checked in", tone: "good" },
  checked_out: { text: "Checked out", tone: "plain" },
  cancelled: { text: "Cancelled", tone: "bad" },
  no_show: { text: "No show", tone: "bad" },
};

const DELIVERY: Record<string, Word> = {
  draft: { text: "Withdrawn, never sent", tone: "warn" },
  queued: { text: "Waiting to be sent", tone: "plain" },
  sending: { text: "Being sent", tone: "plain" },
  sent: { text: "Sent", tone: "plain" },
  delivered: { text: "Delivered", tone: "plain" },
  read: { text: "Read", tone: "good" },
  failed: { text: "Not sent", tone: "bad" },
  unknown: { text: "Not known whether it arrived", tone: "warn" },
};

const OUTCOME: Record<string, Word> = {
  matched: { text: "Matched", tone: "good" },
  ambiguous: { text: "Ambiguous", tone: "warn" },
  unknown: { text: "Unknown", tone: "plain" },
};

const LEVEL: Record<string, Word & { means: string }> = {
  public: { text: "Public", tone: "plain", means: "Jack tells only what everyone may know." },
  claimed: { text: "Claimed", tone: "warn", means: "Jack can help, and tells nothing new about the stay." },
  contact: { text: "Contact", tone: "good", means: "Jack may tell the guest’s own stay." },
  staff: { text: "Staff", tone: "good", means: "Somebody of the staff confirmed who is writing." },
};

const RUN: Record<string, Word> = {
  running: { text: "Running", tone: "calm" },
  complete: { text: "Complete", tone: "good" },
  partial: { text: "Partial", tone: "warn" },
  failed: { text: "Failed", tone: "bad" },
};

const RUN_KIND: Record<string, string> = {
  first: "First load",
  changes: "Changes",
  full: "Full sync",
};

const CHANNEL: Record<string, string> = {
  whatsapp: "WhatsApp",
  twilio: "SMS",
  sms: "SMS",
  web_chat: "Web chat",
};

const CONTACT_POINT: Record<string, string> = {
  phone: "Phone",
  email: "E-mail",
  whatsapp: "WhatsApp",
};

const SOURCE: Record<string, string> = {
  pms: "from the PMS",
  staff: "noted by staff",
  guest: "said by the guest",
};

/** The status of a reservation. */
export const reservationStatus = (word: string) => RESERVATION[word] ?? unheard(word);
/** The statuses that a reservation can have, for a filter. */
export const reservationStatuses = Object.entries(RESERVATION).map(([value, word]) => ({ value, text: word.text }));
/** What became of an outbound message. */
export const deliveryStatus = (word: string) => DELIVERY[word] ?? unheard(word);
/** Whether a sender was told apart. */
export const matchOutcome = (word: string) => OUTCOME[word] ?? unheard(word);
/** How well a sender is verified, and what that means. */
export const level = (word: string) => LEVEL[word] ?? { ...unheard(word), means: "" };
/** How a sync run stands. */
export const runStatus = (word: string) => RUN[word] ?? unheard(word);
/** What a sync run reads. */
export const runKind = (word: string) => RUN_KIND[word] ?? plain(word);
/** The channel of a conversation. */
export const channel = (word: string) => CHANNEL[word] ?? plain(word);
/** The kind of a contact point. */
export const contactPoint = (word: string) => CONTACT_POINT[word] ?? plain(word);
/** Who stated a fact. */
export const source = (word: string) => SOURCE[word] ?? plain(word);

/** `room_number` as "Room number". */
export function plain(word: string): string {
  const text = word.replaceAll(/[_.]/g, " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A sentence with its capital letter and its full stop, however it came. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const begun = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

/** A language tag as its name: "pt-BR" is "Brazilian Portuguese". */
export function language(tag: string): string {
  try {
    return new Intl.DisplayNames("en-GB", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag; // not a language tag, so it is shown as the PMS gave it
  }
}

/** A country code as its name: "PT" is "Portugal". */
export function country(code: string): string {
  try {
    return new Intl.DisplayNames("en-GB", { type: "region" }).of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

function unheard(word: string): Word {
  return { text: plain(word), tone: "plain" };
}
