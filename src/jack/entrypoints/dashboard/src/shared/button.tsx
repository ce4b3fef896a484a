import type { ButtonHTMLAttributes } from "react";

import css from "./button.module.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "primary" | "plain" | "quiet";
  /** The action is under way; a second press does nothing. */
  busy?: boolean;
}

/** A button that says when it is busy and stays in the tab order meanwhile. */
export function Button({ look = "plain", busy = false, type = "button", onClick, className, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      className={`${css["button"]} ${css[look]} ${className ?? ""}`}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    />
  );
}
