import { defaultPathField, longestValue, pathValue } from '@openfrs/contract/path-value';
import type { FieldType, FieldValue } from '../api/responses.ts';
import { fieldValue } from '../people/field-values.ts';
import type { PathFile } from '../pictures/face-photos.ts';
import type { FieldTable } from './field-table.ts';
import { imageIdOf, namesIn, personOf } from './ids.ts';

/**
 * Who is on a photo: whom the folder is named after that holds it (`folder`) or that all of the person's folders are in
 * (`outermost`), whom the file is named after, or one person on all of them.
 */
export type Layout =
  | { readonly kind: 'folder' }
  | { readonly kind: 'outermost' }
  | { readonly kind: 'file' }
  | { readonly kind: 'one'; readonly name: string };

export interface PlannedPhoto extends PathFile {
  /** Its own in the plan: two archives may have photos with the same path. */
  readonly number: number;
  readonly person: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Values of the table that the set's fields can't have: `floor=three`. */
  readonly wrong: readonly string[];
  /** Where else a photo with the same name is, which may be of another person: two folders 张三 of two departments. */
  readonly sharedWith?: string;
  /** The id is a hash of the name, and nothing that is written has the name. */
  readonly losesName: boolean;
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
  const places = placesOf(photos, layout);
  return photos.map((photo, number) => {
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
    const other = places.get(id)?.find((place) => place !== placeOf(layout, photo.path));
    const keepsPath = Object.keys(pathField(fields, photo.path)).length > 0;
    const losesName = id !== person && !(keepsPath && namesIn(photo.path).includes(person));
    return {
      ...photo,
      number,
      person,
      id,
      fields: Object.fromEntries(values),
      wrong,
      losesName,
      ...(other !== undefined && { sharedWith: other }),
    };
  });
}

function nameIn(layout: Layout, path: string): string {
  if (layout.kind === 'one') return layout.name;
  if (layout.kind === 'outermost') return personOf(path);
  return layout.kind === 'folder' ? (namesIn(path)[0] ?? path) : personOf(path.split('/').at(-1) ?? path);
}

/** What is one person's alone: a folder, or a file whatever its ending. */
function placeOf(layout: Layout, path: string): string {
  const end = path.lastIndexOf('/');
  if (layout.kind === 'file' || end < 0) return path.replace(/\.[^./]*$/, '');
  return layout.kind === 'folder' ? path.slice(0, end) : nameIn(layout, path);
}

/** The places of each id. */
function placesOf(photos: readonly PathFile[], layout: Layout): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const { path } of photos) {
    const id = imageIdOf(nameIn(layout, path));
    const place = placeOf(layout, path);
    const known = places.get(id);
    if (!known) places.set(id, [place]);
    else if (!known.includes(place)) known.push(place);
  }
  return places;
}

/** One person has no more photos than that, unless somebody says so. */
const mostOfOne = 10;

/** What the paths look like. A single folder of many photos holds many people, each a file; folders within people's are not people. */
export function likelyLayout(photos: readonly PathFile[]): Layout {
  const inFolders = photos.filter(({ path }) => path.includes('/'));
  if (inFolders.length === 0) return { kind: 'file' };
  const count = (layout: Layout) => new Set(inFolders.map(({ path }) => nameIn(layout, path))).size;
  const places = new Set(inFolders.map(({ path }) => placeOf({ kind: 'folder' }, path)));
  if (places.size === 1 && photos.length > mostOfOne) return { kind: 'file' };
  return { kind: count({ kind: 'folder' }) >= count({ kind: 'outermost' }) ? 'folder' : 'outermost' };
}

/** The photo's path as it is, in a set that has the field for it. */
export function pathField(fields: SetFields, path: string): Readonly<Record<string, FieldValue>> {
  const value = pathValue(path);
  const takes = Object.hasOwn(fields, defaultPathField) && fields[defaultPathField]?.type === 'string';
  return takes && value.length <= longestValue ? { [defaultPathField]: value } : {};
}

/** Rows of the table that are of no photo's person: misspelt names. */
export function unusedRows(table: FieldTable | undefined, plan: readonly PlannedPhoto[]): string[] {
  const used = new Set(plan.flatMap(({ path, person, id }) => [path, person, id]));
  return [...(table?.keys() ?? [])].filter((name) => !used.has(name));
}
