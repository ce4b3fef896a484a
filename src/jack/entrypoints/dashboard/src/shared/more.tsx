import { Button } from "./button.tsx";
import css from "./more.module.css";

interface List {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The way to the next page of a list, where there is one. */
export function More({ list, children = "Show more" }: { list: List; children?: string }) {
  if (!list.hasNextPage) return null;
  return (
    <div className={css["more"]}>
      <Button look="quiet" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {list.isFetchingNextPage ? "Loading…" : children}
      </Button>
    </div>
  );
}
