import type { ComponentChildren } from 'preact';
import { Table, type TableRow } from '../components/table.tsx';
import { useText } from '../i18n/language.ts';

/** A card with a table; where it has no rows it says so. */
export function CardTable(props: {
  title: string;
  columns: readonly string[];
  rows: readonly TableRow[];
  children?: ComponentChildren;
}) {
  const t = useText();
  return (
    <section class="card">
      <h2>{props.title}</h2>
      {props.rows.length === 0 ? (
        <p class="hint">{t('none')}</p>
      ) : (
        <Table label={props.title} columns={props.columns} rows={props.rows} class="many-columns" />
      )}
      {props.children}
    </section>
  );
}
