import type { FaceSet } from '@openfrs/core';
import { createIndex, openSegment, readSegmentPlan, segmentHeaderBytes, segmentParts } from '@openfrs/search';
import { idsOf, livingMeta } from '../protocol/visibility.ts';
import { readVector } from '../records/faces.ts';
import { everySortKey, setPartition } from '../records/keys.ts';
import type { Store } from '../context.ts';

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

/** Where a face's vector may still be found. */
export interface Traces {
  /** In its record. */
  readonly record: boolean;
  /** Segments that hold it, those included that wait for their removal. */
  readonly segments: number;
}

/** Looks for a face, deleted or not, in its record and in every object of its set. */
export async function tracesOf(store: Store, set: FaceSet, faceId: string): Promise<Traces> {
  const meta = await livingMeta(store, set.id);
  const number = idsOf(meta).numberOf(faceId);
  if (number === undefined) return { record: false, segments: 0 };
  let segments = 0;
  for (const { key } of await store.segments.list(set.id)) {
    if ((await numbersIn(store, set, key)).has(number)) segments += 1;
  }
  return { record: (await readVector(store.database, set.id, number)) !== undefined, segments };
}

/** The faces whose vectors a segment holds. @throws Error it is damaged or gone */
export async function numbersIn(store: Store, set: FaceSet, key: string): Promise<Set<number>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await store.segments.read(key, 0, Number.MAX_SAFE_INTEGER)) pieces.push(piece);
  const bytes = new Uint8Array(Buffer.concat(pieces));
  const segment = openSegment(readSegmentPlan(bytes.subarray(0, segmentHeaderBytes)));
  segment.write(0, bytes);
  for (const part of segmentParts) segment.finish(part);
  const index = createIndex({ dimension: set.dimension, fields: set.fields });
  index.attach(segment);
  return new Set(index.numbers());
}
