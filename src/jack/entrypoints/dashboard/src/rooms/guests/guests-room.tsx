import { useCallback } from "react";
import { useSearchParams } from "wouter";

import { useGuests } from "../../api/stays.ts";
import { SearchField } from "../../shared/field.tsx";
import { GuestsIcon } from "../../shared/icons.tsx";
import { More } from "../../shared/more.tsx";
import { ProblemNotice } from "../../shared/notice.tsx";
import room from "../../shared/room.module.css";
import { Empty, Loading } from "../../shared/states.tsx";
import { useTitle } from "../../shared/use-title.ts";
import { useHouse } from "../../shell/house.tsx";
import { GuestTable } from "./guest-table.tsx";

/** The guests, found by name, phone, e-mail or confirmation number. The search stands in the address. */
export function GuestsRoom() {
  useTitle("Guests");
  const { hotelId } = useHouse();
  const [search, setSearch] = useSearchParams();
  const q = search.get("q") ?? "";
  const list = useGuests(hotelId, q);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const searchFor = useCallback((text: string) => setSearch(text ? { q: text } : {}, { replace: true }), [setSearch]);

  return (
    <div className={room["room"]}>
      <h1>Guests</h1>
      <div className={room["filters"]}>
        <SearchField label="Search" hint="Name, phone, e-mail or confirmation number" value={q} onSearch={searchFor} />
      </div>
      {list.isLoadingError && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Loading what="guests" lines={8} />}
      {list.data && rows.length === 0 && (
        <Empty icon={<GuestsIcon size={32} />} title={q ? "No guest fits" : "No guests yet"}>
          {q
            ? "Phones, e-mails and confirmation numbers are found by their beginning."
            : "They come with the first sync."}
        </Empty>
      )}
      {rows.length > 0 && (
        <div className={room["card"]}>
          <GuestTable rows={rows} />
          <More list={list} />
        </div>
      )}
    </div>
  );
}
