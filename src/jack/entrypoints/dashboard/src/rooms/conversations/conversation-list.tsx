import { useSearchParams } from "wouter";

import { useConversations, useNeedsAttention } from "../../api/conversations.ts";
import { BellIcon } from "../../shared/icons.tsx";
import { More } from "../../shared/more.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import { Segments } from "../../shared/segments.tsx";
import { Empty, Loading } from "../../shared/states.tsx";
import { useTitle } from "../../shared/use-title.ts";
import { useHouse } from "../../shell/house.tsx";
import css from "./conversation-list.module.css";
import { ConversationRow } from "./conversation-row.tsx";

const FILTER = "show";
const ATTENTION = "needs-attention";

/** The inbox: newest first, all of it or what people must look at. The filter stands in the address. */
export function ConversationList({ openId }: { openId: string | undefined }) {
  useTitle("Conversations");
  const { hotelId } = useHouse();
  const [search, setSearch] = useSearchParams();
  const needsAttention = search.get(FILTER) === ATTENTION;
  const list = useConversations({ hotelId, needsAttention });
  const { count, more } = useNeedsAttention(hotelId);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <div className={css["column"]}>
      <header className={css["head"]}>
        <h1>Conversations</h1>
        <Segments
          label="Which conversations"
          value={needsAttention ? ATTENTION : "all"}
          options={[
            { value: "all", text: "All" },
            { value: ATTENTION, text: `Needs attention${count > 0 ? ` (${count}${more ? "+" : ""})` : ""}` },
          ]}
          onChange={(value) => setSearch(value === ATTENTION ? { [FILTER]: ATTENTION } : {}, { replace: true })}
        />
      </header>
      <div className={css["rows"]}>
        {list.isPending && <Loading what="conversations" lines={6} />}
        {list.isLoadingError && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
        {list.data && rows.length === 0 && (
          <Empty
            icon={<BellIcon size={32} />}
            title={needsAttention ? "Nothing needs attention" : "No conversations yet"}
          >
            {needsAttention ? "Jack has everything in hand." : "They appear here as soon as a guest writes."}
          </Empty>
        )}
        <ul>
          {rows.map((row) => (
            <ConversationRow key={row.id} conversation={row} isOpen={row.id === openId} search={search.toString()} />
          ))}
        </ul>
        <More list={list} />
      </div>
    </div>
  );
}
