import { BellIcon } from "../shared/icons.tsx";
import css from "./wordmark.module.css";

/** Jack's name with the bell of the front desk. */
export function Wordmark() {
  return (
    <span className={css["wordmark"]}>
      <BellIcon size={24} />
      Jack
    </span>
  );
}
