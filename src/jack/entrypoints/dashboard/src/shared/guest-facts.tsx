import type { ReactNode } from "react";

import type { Guest } from "../api/types.ts";
import { Fact, Facts } from "./facts.tsx";
import css from "./guest-facts.module.css";
import { StarIcon } from "./icons.tsx";
import { Panel } from "./panel.tsx";
import { Tag } from "./tag.tsx";
import { Age } from "./time.tsx";
import { contactPoint, country, language } from "./words.ts";

/** A guest's language, country and contact points, with the age of these facts; the name stands above as children. */
export function GuestFacts({ guest, children }: { guest: Guest; children?: ReactNode }) {
  return (
    <Panel title="Guest">
      {children}
      <Facts>
        <Fact name="Language">{guest.language && language(guest.language)}</Fact>
        <Fact name="Country">{guest.country && country(guest.country)}</Fact>
        {guest.contact_points.map((point) => (
          <Fact key={`${point.kind} ${point.value}`} name={contactPoint(point.kind)}>
            <PointValue value={point.value} />
            {point.shared && <Tag tone="warn">Shared by many</Tag>}
            {!point.readable && <Tag tone="warn">Could not be read</Tag>}
          </Fact>
        ))}
      </Facts>
      <p className={css["age"]}>
        {guest.synced_at ? (
          <>
            Confirmed by the PMS <Age at={guest.synced_at} />
          </>
        ) : (
          "Not confirmed by the PMS"
        )}
      </p>
    </Panel>
  );
}

/** What stands out about a guest: VIP, loyalty. */
export function GuestTags({ guest }: { guest: Guest }) {
  return (
    <>
      {guest.vip && (
        <Tag tone="brass">
          <StarIcon size={14} />
          VIP
        </Tag>
      )}
      {guest.loyalty_tier && <Tag tone="brass">{guest.loyalty_tier}</Tag>}
    </>
  );
}

/** A contact point's value, broken before its @ rather than within a word. */
export function PointValue({ value }: { value: string }) {
  const at = value.lastIndexOf("@");
  if (at < 0) return value;
  return (
    <>
      {value.slice(0, at)}
      <wbr />
      {value.slice(at)}
    </>
  );
}

/** First and last name, whichever there are. */
export function nameOf(guest: Guest): string {
  return `${guest.first_name} ${guest.last_name}`.trim() || "A guest without a name";
}
