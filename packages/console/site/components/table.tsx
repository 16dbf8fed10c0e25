import type { ComponentChildren } from 'preact';
import { scrollable } from './scrollable.ts';

export interface TableRow {
  readonly key: string;
  /** The first is the row's head. */
  readonly cells: readonly ComponentChildren[];
  readonly class?: string;
}

/** A table that scrolls to its side where it is too wide. */
export function Table(props: {
  label: string;
  columns: readonly string[];
  rows: readonly TableRow[];
  class?: string;
}) {
  return (
    <section class="scroll" {...scrollable} aria-label={props.label}>
      <table class={props.class}>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map(({ key, cells: [head, ...cells], class: name }) => (
            <tr key={key} class={name}>
              <th scope="row">{head}</th>
              {cells.map((cell, index) => (
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
