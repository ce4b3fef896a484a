import { useReceipt } from "../../api/messages.ts";
import type { Message, Receipt } from "../../api/types.ts";
import { Drawer } from "../../shared/drawer.tsx";
import { Fact, Facts } from "../../shared/facts.tsx";
import { Notice, ProblemNotice } from "../../shared/notice.tsx";
import { Loading } from "../../shared/states.tsx";
import { Tag } from "../../shared/tag.tsx";
import { Moment } from "../../shared/time.tsx";
import { date, span } from "../../shared/dates.ts";
import { language, level, plain, reservationStatus } from "../../shared/words.ts";
import { MatchFacts } from "./match-facts.tsx";
import css from "./receipt-drawer.module.css";

interface Props {
  message: Message;
  messages: readonly Message[];
  zone: string | undefined;
  onClose: () => void;
}

const LONG = 80;

/** Why Jack said it: what was asked, which facts it stood on, how old they were, and why they were allowed. */
export function ReceiptDrawer({ message, messages, zone, onClose }: Props) {
  const receipt = useReceipt(message.id);
  return (
    <Drawer title="Why did Jack say this?" onClose={onClose}>
      <blockquote className={css["said"]}>{message.text}</blockquote>
      {receipt.isPending && <Loading what="the receipt" />}
      {receipt.isLoadingError && <ProblemNotice error={receipt.error} retry={() => void receipt.refetch()} />}
      {receipt.data && <Explained receipt={receipt.data} messages={messages} zone={zone} />}
    </Drawer>
  );
}

function Explained({ receipt, messages, zone }: Omit<Props, "message" | "onClose"> & { receipt: Receipt }) {
  const questions = receipt.questions.map((id) => messages.find((message) => message.id === id));
  return (
    <>
      {receipt.blocked.length > 0 && (
        <Notice tone="warn">
          A draft was stopped because it named what this sender may not know: {receipt.blocked.join(", ")}.
        </Notice>
      )}
      <section className={css["part"]}>
        <h3>What it answers</h3>
        <ul className={css["questions"]}>
          {questions.map((question, index) => (
            <li key={receipt.questions[index]}>{question?.text || "A message further up"}</li>
          ))}
        </ul>
      </section>
      <section className={css["part"]}>
        <h3>Who asked</h3>
        <MatchFacts match={receipt} />
      </section>
      <section className={css["part"]}>
        <h3>The facts it stood on</h3>
        {receipt.facts.length === 0 && <p className={css["soft"]}>Only what every guest may know.</p>}
        <ul className={css["facts"]}>
          {receipt.facts.map((fact) => (
            <li key={`${fact.name} ${fact.value}`} className={css["fact"]}>
              <span className={css["name"]}>{plain(fact.name)}</span>
              <div className={css["value"]}>
                <Value text={shown(fact)} />
              </div>
              <span className={css["soft"]}>{ageOf(fact, receipt.created_at)}</span>
              <span className={css["level"]}>
                <Tag tone={level(fact.level).tone}>Level: {level(fact.level).text.toLowerCase()}</Tag>
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className={css["part"]}>
        <h3>How it was written</h3>
        <Facts>
          <Fact name="Model">{receipt.model || "None: a fixed reply"}</Fact>
          <Fact name="Written">
            <Moment at={receipt.created_at} zone={zone} />
          </Fact>
        </Facts>
      </section>
    </>
  );
}

/** A fact's value; a long one, such as the hotel's own facts, opens when somebody asks. */
function Value({ text }: { text: string }) {
  if (text.length <= LONG) return text;
  return (
    <details>
      <summary>{text.slice(0, LONG).trim()}…</summary>
      <p className={css["long"]}>{text}</p>
    </details>
  );
}

/** How old a fact was when the answer was written; what the hotel tells everyone has no age. */
function ageOf({ as_of, level }: Receipt["facts"][number], written: string): string {
  if (as_of) return `${span(Math.max(0, (Date.parse(written) - Date.parse(as_of)) / 1000))} old`;
  return level === "public" ? "told by the hotel" : "age not known";
}

/** The API's words as words and stay dates as dates; everything else as it came. */
function shown({ name, value }: Receipt["facts"][number]): string {
  if (name === "stay.status") return reservationStatus(value).text;
  if (name === "guest.language") return language(value);
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? date(value) : value;
}
