import { useEffect, useId, useState, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from "react";

import css from "./field.module.css";
import { SearchIcon } from "./icons.tsx";

/** A text field with its label above it. */
export function Field({ label, ...input }: { label: string } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className={css["field"]}>
      <label htmlFor={id}>{label}</label>
      <input id={id} className={css["input"]} {...input} />
    </div>
  );
}

/** A choice out of a list, with its label above it. */
export function Choice({
  label,
  children,
  ...select
}: { label: string; children: ReactNode } & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <div className={css["field"]}>
      <label htmlFor={id}>{label}</label>
      <select id={id} className={css["input"]} {...select}>
        {children}
      </select>
    </div>
  );
}

const PAUSE = 250;

interface SearchProps {
  label: string;
  hint: string;
  value: string;
  onSearch: (text: string) => void;
}

/** A search that follows what is typed, a moment behind, so that not every letter asks the server. */
export function SearchField({ label, hint, value, onSearch }: SearchProps) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onSearch(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <div className={`${css["field"]} ${css["search"]}`} role="search">
      <label htmlFor={id}>{label}</label>
      <div className={css["searchbox"]}>
        <SearchIcon />
        <input
          id={id}
          type="search"
          className={css["input"]}
          placeholder={hint}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
    </div>
  );
}
