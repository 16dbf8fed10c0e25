import type { Item, Table } from '../../dynamodb/table.ts';
import { changeKey, changeSortKey, numberOf, setPartition } from './keys.ts';

export type ChangeKind = 'delete' | 'update';

/**
 * A record of the set's change log (a write-ahead log): anyone can carry the change out after a crash, and readers learn from it
 * which faces to look at again. A `void` change does nothing: it was aborted.
 */
export interface ChangeRecord {
  readonly revision: number;
  readonly kind: ChangeKind | 'void';
  /** The faces, each at the version that the change expects: a face of another version is left alone. */
  readonly faces: readonly { readonly number: number; readonly version: number }[];
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
}

/** Most faces of one change: its record stays below 40 KB, and its work takes seconds. */
export const changeMaxFaces = 2000;

/** Writes the record if there is none of its revision. */
export function putChange(table: Table, setId: string, change: ChangeRecord): Promise<boolean> {
  const flat = change.faces.flatMap(({ number, version }) => [number, version]);
  return table.put(
    { ...changeKey(setId, change.revision), k: change.kind, n: flat.join(','), t: change.at },
    'attribute_not_exists(pk)',
  );
}

export async function readChange(
  table: Table,
  setId: string,
  revision: number,
): Promise<ChangeRecord | undefined> {
  const item = await table.get(changeKey(setId, revision));
  return item === undefined ? undefined : decodeChange(item);
}

/** The records with revisions in [from, to], in order. */
export async function readChanges(
  table: Table,
  setId: string,
  from: number,
  to: number,
): Promise<ChangeRecord[]> {
  const found: ChangeRecord[] = [];
  if (to < from) return found;
  for await (const items of table.pages(setPartition(setId), changeSortKey(from), changeSortKey(to))) {
    found.push(...items.map(decodeChange));
  }
  return found;
}

function decodeChange(item: Item): ChangeRecord {
  const text = item.n as string;
  const flat = text === '' ? [] : text.split(',').map(Number);
  const faces: { number: number; version: number }[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    faces.push({ number: flat[i] as number, version: flat[i + 1] as number });
  }
  return { revision: numberOf(item.sk), kind: item.k as ChangeRecord['kind'], faces, at: item.t as number };
}
