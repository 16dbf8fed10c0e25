import { everySortKey, setPartition } from '../records/keys.ts';
import type { Store } from '../store.ts';

/** What is still stored of a set. */
export interface Remains {
  /** Items of any kind in the table. */
  readonly records: number;
  /** Those of them with a vector. */
  readonly vectors: number;
  /** Objects in the bucket. */
  readonly segments: number;
}

/** Looks everywhere for what is stored of a set, deleted or not. */
export async function remainsOf(store: Store, setId: string): Promise<Remains> {
  let records = 0;
  let vectors = 0;
  for await (const items of store.database.pages(setPartition(setId), ...everySortKey)) {
    records += items.length;
    vectors += items.filter((item) => item.v !== undefined).length;
  }
  return { records, vectors, segments: (await store.segments.list(setId)).length };
}
