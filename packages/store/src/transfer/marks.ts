import { importKey } from '../records/keys.ts';
import type { Store } from '../store.ts';

/** How far an import has come. */
export interface ImportMark {
  /** Faces that are surely written. */
  readonly done: number;
  readonly finished: boolean;
}

export async function readMark(store: Store, setId: string, id: string): Promise<ImportMark> {
  const item = await store.database.get(importKey(setId, id));
  return item === undefined
    ? { done: 0, finished: false }
    : { done: item.done as number, finished: item.finished as boolean };
}

export async function writeMark(store: Store, setId: string, id: string, mark: ImportMark): Promise<void> {
  await store.database.put({ ...importKey(setId, id), ...mark });
}
