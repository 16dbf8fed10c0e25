import { defaultPathField } from '@openfrs/contract/path-value';
import type { FieldType, FieldValue } from '../api/responses.ts';
import { fieldValue } from '../people/field-values.ts';
import type { PathFile } from '../pictures/picture-book.ts';
import type { FieldTable } from './field-table.ts';
import { imageIdOf, personOf } from './ids.ts';

/** Who is on a photo: whom its folder is named after, whom the file is named after, or one person on all of them. */
export type Layout =
  | { readonly kind: 'folder' }
  | { readonly kind: 'file' }
  | { readonly kind: 'one'; readonly name: string };

export interface PlannedPhoto extends PathFile {
  readonly person: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Values of the table that the set's fields can't have: `floor=three`. */
  readonly wrong: readonly string[];
}

export interface SetFields {
  readonly [name: string]: { readonly type: FieldType };
}

/**
 * What would be enrolled: each photo with its person, the id and the fields.
 * @param common values of every photo, as typed
 */
export function planOf(
  photos: readonly PathFile[],
  layout: Layout,
  fields: SetFields,
  table: FieldTable | undefined,
  common: Readonly<Record<string, string>>,
): PlannedPhoto[] {
  return photos.map((photo) => {
    const person = nameIn(layout, photo.path);
    const id = imageIdOf(person);
    const row = table?.get(photo.path) ?? table?.get(person) ?? table?.get(id) ?? {};
    const given = (values: Readonly<Record<string, string>>, name: string) =>
      (Object.hasOwn(values, name) ? (values[name] ?? '') : '').trim();
    const wrong: string[] = [];
    const values: [string, FieldValue][] = [];
    for (const [name, { type }] of Object.entries(fields)) {
      // The photo's own path goes in there, whatever a table calls its files.
      if (name === defaultPathField && type === 'string') continue;
      const text = given(row, name) || given(common, name);
      if (text === '') continue;
      const value = fieldValue(type, text);
      if (value === undefined) wrong.push(`${name}=${text}`);
      else values.push([name, value]);
    }
    return { ...photo, person, id, fields: Object.fromEntries(values), wrong };
  });
}

function nameIn(layout: Layout, path: string): string {
  if (layout.kind === 'one') return layout.name;
  return layout.kind === 'folder' ? personOf(path) : personOf(path.split('/').at(-1) ?? path);
}

/** Rows of the table that are of no photo's person: misspelt names. */
export function unusedRows(table: FieldTable | undefined, plan: readonly PlannedPhoto[]): string[] {
  const used = new Set(plan.flatMap(({ path, person, id }) => [path, person, id]));
  return [...(table?.keys() ?? [])].filter((name) => !used.has(name));
}
