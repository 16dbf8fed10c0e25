import type { ComponentChildren } from 'preact';
import { scrollable } from './scrollable.ts';

export interface TableRow {
  readonly key: string;
  /** The first is the row's head. */
  readonly cells: readonly ComponentChildren[];
  readonly class?: string;
}

/** A role that the element has already, until a style lays it out as a block (`many-columns` on a phone). */
const as = (role: 'table' | 'rowgroup' | 'row' | 'columnheader' | 'rowheader' | 'cell') => ({ role });

/** A table that scrolls to its side where it is too wide; columns of numbers stand at their right, below each other. */
export function Table(props: {
  label: string;
  columns: readonly string[];
  rows: readonly TableRow[];
  class?: string;
}) {
  const { rows } = props;
  const isNumeric = (at: number) =>
    rows.length > 0 && rows.every(({ cells }) => typeof cells[at] === 'number');
  const classes = props.columns.map((_, at) => (isNumeric(at) ? 'number' : undefined));
  return (
    <section class="scroll" {...scrollable} aria-label={props.label}>
      <table class={props.class} {...as('table')}>
        <thead {...as('rowgroup')}>
          <tr {...as('row')}>
            {props.columns.map((column, at) => (
              <th key={column} scope="col" class={classes[at]} {...as('columnheader')}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...as('rowgroup')}>
          {rows.map(({ key, cells: [head, ...cells], class: name }) => (
            <tr key={key} class={name} {...as('row')}>
              <th scope="row" {...as('rowheader')}>
                {head}
              </th>
              {cells.map((cell, index) => (
                <td
                  key={index}
                  class={classes[index + 1]}
                  {...as('cell')}
                  data-column={props.columns[index + 1]}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
