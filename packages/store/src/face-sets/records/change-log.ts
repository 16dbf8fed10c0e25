import type { Database, Item } from '../../dynamodb/table.ts';
import { changeKey, changeSortKey, numberOf, setPartition } from './keys.ts';

/**
 * What a change is about to do, written before it is done: anyone can carry it out to its end after a crash, and
 * readers learn from it which faces to look at again. A `void` change does nothing: it was given up.
 */
export interface ChangeLog {
  readonly rev: number;
  readonly kind: 'delete' | 'update' | 'void';
  /** The faces, each at the version that the change expects: a face of another version is left alone. */
  readonly faces: readonly { readonly number: number; readonly version: number }[];
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
}

/** Most faces of one change: its record stays below 40 KB, and its work takes seconds. */
export const changeMaxFaces = 2000;

/** Writes the log's entry if there is none of its revision. */
export function putChange(database: Database, setId: string, log: ChangeLog): Promise<boolean> {
  const flat = log.faces.flatMap(({ number, version }) => [number, version]);
  return database.put(
    { ...changeKey(setId, log.rev), k: log.kind, n: flat.join(','), t: log.at },
    'attribute_not_exists(pk)',
  );
}

export async function readChange(
  database: Database,
  setId: string,
  rev: number,
): Promise<ChangeLog | undefined> {
  const item = await database.get(changeKey(setId, rev));
  return item === undefined ? undefined : decodeChange(item);
}

/** The entries with revisions in [from, to], in order. */
export async function readChanges(
  database: Database,
  setId: string,
  from: number,
  to: number,
): Promise<ChangeLog[]> {
  const found: ChangeLog[] = [];
  if (to < from) return found;
  for await (const items of database.pages(setPartition(setId), changeSortKey(from), changeSortKey(to))) {
    found.push(...items.map(decodeChange));
  }
  return found;
}

function decodeChange(item: Item): ChangeLog {
  const text = item.n as string;
  const flat = text === '' ? [] : text.split(',').map(Number);
  const faces: { number: number; version: number }[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    faces.push({ number: flat[i] as number, version: flat[i + 1] as number });
  }
  return { rev: numberOf(item.sk), kind: item.k as ChangeLog['kind'], faces, at: item.t as number };
}
