import { useEffect } from "react";

/** Name the page in the browser's tab. */
export function useTitle(...parts: (string | undefined)[]) {
  const title = [...parts.filter(Boolean), "Jack"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
