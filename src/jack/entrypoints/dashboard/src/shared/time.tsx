import { age, clock, moment, shortly } from "./dates.ts";
import { useNow } from "./use-now.ts";

interface Instant {
  /** An instant as the API gives it: `2026-11-22T10:00:00Z`. */
  at: string;
  zone?: string | undefined;
}

/** How long ago something was; the exact time shows on hover. */
export function Age({ at, zone }: Instant) {
  const now = useNow();
  return (
    <time dateTime={at} title={moment(at, zone)}>
      {age(at, now)}
    </time>
  );
}

/** The time of day. */
export function Clock({ at, zone }: Instant) {
  return (
    <time dateTime={at} title={moment(at, zone)}>
      {clock(at, zone)}
    </time>
  );
}

/** Date and time of day. */
export function Moment({ at, zone }: Instant) {
  return <time dateTime={at}>{moment(at, zone)}</time>;
}

/** The time of day for today, the date for older days. */
export function Shortly({ at, zone }: Instant) {
  const now = useNow();
  return (
    <time dateTime={at} title={moment(at, zone)}>
      {shortly(at, now, zone)}
    </time>
  );
}
