import { readJson } from '../api/api.ts';
import { textOf } from './text-of.ts';

/** Values by the name of a person, a path or an id, as texts. */
export type FieldTable = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What the column of names is called; without one it is the first. */
const nameColumns = ['person', 'name', 'folder', 'file', 'path', 'id', 'external_image_id'];

export const isTable = (name: string): boolean => /\.(csv|json)$/i.test(name);

/**
 * Reads a table of fields: CSV with a line of names, or JSON, a list of objects or an object of them by name.
 * @throws Error it is none of these
 */
export async function readTable(file: File): Promise<FieldTable> {
  const text = textOf(new Uint8Array(await file.arrayBuffer()));
  return /\.json$/i.test(file.name) ? tableOfJson(text) : tableOfCsv(text);
}

/** @throws Error with the first line that is wrong */
export async function tableOfCsv(text: string): Promise<FieldTable> {
  const { default: papa } = await import('papaparse');
  const { data, errors } = papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  // A table of one column has no delimiter to be found.
  const [error] = errors.filter(({ code }) => code !== 'UndetectableDelimiter');
  if (error) throw new Error(`${error.message} (${(error.row ?? 0) + 2})`);
  return tableOf(data);
}

/** @throws SyntaxError, Error */
export function tableOfJson(text: string): FieldTable {
  const value = readJson(text);
  if (Array.isArray(value)) return tableOf(value.map(texts));
  if (typeof value !== 'object' || value === null) throw new Error('JSON: [{…}] | {"name": {…}}');
  return new Map(Object.entries(value).map(([name, row]) => [name, texts(row)]));
}

function texts(row: unknown): Record<string, string> {
  if (typeof row !== 'object' || row === null) throw new Error('JSON: [{…}] | {"name": {…}}');
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value == null ? '' : String(value)]),
  );
}

function tableOf(rows: readonly Readonly<Record<string, string>>[]): FieldTable {
  const columns = Object.keys(rows[0] ?? {});
  const key = columns.find((column) => nameColumns.includes(column.toLowerCase())) ?? columns[0] ?? '';
  return new Map(
    rows.flatMap((row) => {
      const { [key]: name = '', ...values } = row;
      return name.trim() === '' ? [] : [[name.trim(), values] as const];
    }),
  );
}
