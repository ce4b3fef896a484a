import type { Guest } from "../api/types.ts";
import { Fact, Facts } from "./facts.tsx";
import css from "./preferences.module.css";
import { plain, source } from "./words.ts";

/** What a guest likes or needs, and who said so where it was not the PMS. */
export function Preferences({ preferences }: { preferences: Guest["preferences"] }) {
  if (preferences.length === 0) return <p className={css["soft"]}>None known.</p>;
  return (
    <Facts>
      {preferences.map((preference) => (
        <Fact key={preference.id} name={plain(preference.category)}>
          {preference.value}
          {preference.source !== "pms" && <span className={css["soft"]}> {source(preference.source)}</span>}
        </Fact>
      ))}
    </Facts>
  );
}
