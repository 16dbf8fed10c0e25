import type { ComponentChildren } from 'preact';
import { scrollable } from '../components/scrollable.ts';
import { useText } from '../i18n/language.ts';

/** A card with a table; where it has no rows it says so. */
export function CardTable(props: {
  title: string;
  columns: readonly string[];
  rows: readonly { readonly key: string; readonly cells: readonly ComponentChildren[] }[];
  children?: ComponentChildren;
}) {
  const t = useText();
  return (
    <section class="card">
      <h2>{props.title}</h2>
      {props.rows.length === 0 ? (
        <p class="hint">{t('none')}</p>
      ) : (
        <section class="scroll" {...scrollable} aria-label={props.title}>
          <table class="many-columns">
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
              {props.rows.map(({ key, cells: [head, ...cells] }) => (
                <tr key={key}>
                  <th scope="row">{head}</th>
                  {cells.map((cell, index) => (
                    <td key={index}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {props.children}
    </section>
  );
}
