/**
 * Dates and times in words. Stay dates are the hotel's own dates and are never moved by a time zone; instants are shown
 * on the hotel's clock where the zone is known, otherwise on this machine's.
 */

const LOCALE = "en-GB";
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2026-11-22` as "Sun 22 Nov 2026". */
export function date(iso: string): string {
  return format(noon(iso), { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** Arrival and departure as "20 – 24 Nov 2026", or one date for day use. */
export function period(arrival: string, departure: string): string {
  const words = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(LOCALE, words).formatRange(noon(arrival), noon(departure)).replace(/\s*–\s*/, " – ");
}

/** "1 night", "3 nights" or "day use". */
export function nights(arrival: string, departure: string): string {
  const count = Math.round((noon(departure).getTime() - noon(arrival).getTime()) / (DAY * 1000));
  return count === 0 ? "day use" : plural(count, "night");
}

/** An instant as "14:05". */
export function clock(instant: string, zone?: string): string {
  return format(new Date(instant), { hour: "2-digit", minute: "2-digit", timeZone: zone });
}

/** An instant as "Sun 22 Nov 2026, 14:05". */
export function moment(instant: string, zone?: string): string {
  return `${date(day(instant, zone))}, ${clock(instant, zone)}`;
}

/** The date of an instant on the hotel's calendar, as `2026-11-22`. */
export function day(instant: string | number, zone?: string): string {
  const parts = new Intl.DateTimeFormat(LOCALE, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    timeZone: zone,
  }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** A day as people say it: "Today", "Yesterday", "Sunday 15 November", with the year when it is not this one. */
export function dayName(iso: string, today: string): string {
  const distance = Math.round((noon(today).getTime() - noon(iso).getTime()) / (DAY * 1000));
  if (distance === 0) return "Today";
  if (distance === 1) return "Yesterday";
  const year = iso.slice(0, 4) === today.slice(0, 4) ? undefined : ("numeric" as const);
  return format(noon(iso), { weekday: "long", day: "numeric", month: "long", year, timeZone: "UTC" });
}

/** When something last happened, short enough for a list: "14:05", "Yesterday", "15 Nov". */
export function shortly(instant: string, now: number, zone?: string): string {
  const [then, today] = [day(instant, zone), day(now, zone)];
  if (then === today) return clock(instant, zone);
  const name = dayName(then, today);
  return name === "Yesterday" ? name : format(noon(then), { day: "numeric", month: "short", timeZone: "UTC" });
}

/** How long ago or how far ahead: "just now", "3 minutes ago", "in 2 hours". */
export function age(instant: string, now: number): string {
  const seconds = (now - Date.parse(instant)) / 1000;
  if (Math.abs(seconds) < MINUTE) return seconds >= 0 ? "just now" : "in less than a minute";
  const words = span(Math.abs(seconds));
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

/** A length of time in its largest unit: "4 seconds", "3 minutes", "2 days". */
export function span(seconds: number): string {
  if (seconds < MINUTE) return plural(Math.max(1, Math.round(seconds)), "second");
  if (seconds < HOUR) return plural(Math.floor(seconds / MINUTE), "minute");
  if (seconds < DAY) return plural(Math.floor(seconds / HOUR), "hour");
  return plural(Math.floor(seconds / DAY), "day");
}

/** "1 night", "2 nights". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString(LOCALE)} ${count === 1 ? one : many}`;
}

function noon(iso: string): Date {
  return new Date(`${iso}T12:00:00Z`);
}

function format(when: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALE, options).format(when).replaceAll(",", "");
}
