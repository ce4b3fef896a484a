import type { Match } from "../../api/types.ts";
import { Tag } from "../../shared/tag.tsx";
import { level, matchOutcome, sentence } from "../../shared/words.ts";
import css from "./match-facts.module.css";

/** How the sender was matched: the outcome, the verification level and what it allows, and the evidence. */
export function MatchFacts({ match }: { match: Pick<Match, "outcome" | "level" | "evidence"> }) {
  const outcome = matchOutcome(match.outcome);
  const verified = level(match.level);
  return (
    <div className={css["match"]}>
      <p className={css["tags"]}>
        <Tag tone={outcome.tone}>{outcome.text}</Tag>
        <Tag tone={verified.tone}>Level: {verified.text.toLowerCase()}</Tag>
      </p>
      {verified.means && <p>{verified.means}</p>}
      {match.evidence.length > 0 && (
        <ul className={css["evidence"]} aria-label="Evidence">
          {match.evidence.map((line) => (
            <li key={line}>{sentence(line)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
