import { useDeed, type Deed } from "../../api/conversations.ts";
import type { Conversation } from "../../api/types.ts";
import { Button } from "../../shared/button.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { useHouse } from "../../shell/house.tsx";
import css from "./deeds.module.css";

const NAMES: Record<Deed, { name: string; meanwhile: string }> = {
  "take-over": { name: "Take over", meanwhile: "Taking over…" },
  "hand-back": { name: "Hand back to Jack", meanwhile: "Handing back…" },
  close: { name: "Close", meanwhile: "Closing…" },
};

/** Take over, hand back, close: whatever the conversation allows now. */
export function Deeds({ conversation }: { conversation: Conversation }) {
  const { mayAct } = useHouse();
  const deed = useDeed(conversation.id);
  if (!mayAct) return null;
  const isClosed = conversation.state === "closed";
  const main: Deed = conversation.held_by === "jack" ? "take-over" : "hand-back";
  const possible: Deed[] = isClosed ? ["take-over"] : [main, "close"];
  return (
    <>
      <div className={css["deeds"]} role="group" aria-label="What to do with this conversation">
        {possible.map((one) => {
          const isGoing = deed.isPending && deed.variables === one;
          return (
            <Button
              key={one}
              look={one === "take-over" ? "primary" : "plain"}
              busy={deed.isPending}
              onClick={() => deed.mutate(one)}
            >
              {isGoing ? NAMES[one].meanwhile : NAMES[one].name}
            </Button>
          );
        })}
      </div>
      {deed.error && <ProblemNotice error={deed.error} />}
    </>
  );
}
