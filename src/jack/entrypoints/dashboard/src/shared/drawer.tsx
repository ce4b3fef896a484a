import { useEffect, useRef, type ReactNode } from "react";

import { Button } from "./button.tsx";
import css from "./drawer.module.css";
import { CloseIcon } from "./icons.tsx";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A sheet over the right side of the page; Escape, the cross and a press beside it close it. */
export function Drawer({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal(); // keeps the focus inside and gives it back afterwards
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={css["drawer"]}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className={css["sheet"]}>
        <header className={css["head"]}>
          <h2>{title}</h2>
          <Button look="quiet" onClick={onClose} aria-label="Close">
            <CloseIcon />
          </Button>
        </header>
        <div className={css["body"]}>{children}</div>
      </div>
    </dialog>
  );
}
