import type { ReactNode } from "react";

import css from "./table.module.css";

interface Props {
  /** What the table holds, for people who do not see it. */
  caption: string;
  columns: readonly string[];
  children: ReactNode;
}

/**
 * A table that becomes a list of cards on a narrow screen. The roles are said aloud, because browsers forget them when
 * the cells are laid out in another way.
 */
export function Table({ caption, columns, children }: Props) {
  return (
    <table role="table" className={css["table"]}>
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

/** A row of the table. */
export function Row({ children }: { children: ReactNode }) {
  return <tr role="row">{children}</tr>;
}

/** A cell; `name` is its column's, shown beside the value on a narrow screen. */
export function Cell({ name, number = false, children }: { name: string; number?: boolean; children: ReactNode }) {
  return (
    <td role="cell" data-name={name} className={number ? css["number"] : undefined}>
      {children}
    </td>
  );
}
