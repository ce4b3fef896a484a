import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const NEAR = 80;

/**
 * Keeps a scrolling box at its end while `newest` changes, as long as whoever reads is near the end. The box also stays
 * there when its own size changes (a keyboard opens, a notice appears).
 */
export function useStickToEnd(newest: string | undefined) {
  const box = useRef<HTMLDivElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const atEnd = useRef(true);

  const toEnd = useCallback(() => box.current?.scrollTo({ top: box.current.scrollHeight }), []);

  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
  }, [newest, toEnd]);

  useEffect(() => {
    const shown = box.current;
    if (!shown) return;
    const look = () => {
      atEnd.current = shown.scrollHeight - shown.scrollTop - shown.clientHeight < NEAR;
      setIsAtEnd(atEnd.current);
    };
    shown.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(() => atEnd.current && toEnd());
    resized.observe(shown);
    return () => {
      shown.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [toEnd]);

  return { box, isAtEnd, toEnd };
}
