import { gunzipSync, gzipSync } from 'node:zlib';
import type { FaceSet } from '@openfrs/core';
import type { StoreContext } from '../context.ts';
import { isCommitted } from '../protocol/visibility.ts';
import { checkedFaces } from '../records/damaged-record.ts';
import { isTombstone } from '../records/faces.ts';
import { importSkipKey } from '../records/keys.ts';
import type { SetManifest } from '../records/manifest.ts';
import { FaceMarks, WholeCounts } from './face-marks.ts';
import { Places } from './places.ts';

/**
 * Which of a file's faces the set holds already, by their places in the file. A face is there if the set has it under its own
 * id with its vector (`sameIds`: the file is of this set or of its copy), or, under any id, with its external image id, box and
 * vector; one of the set stands for one of the file. Faces of other operations in flight don't count.
 */
export async function presentFaces(
  store: StoreContext,
  set: FaceSet,
  manifest: SetManifest,
  marks: FaceMarks,
  sameIds: boolean,
): Promise<Places> {
  const inSet = new FaceMarks();
  const shape = { setId: set.id, dimension: set.dimension, fields: set.fields };
  for await (const page of checkedFaces(store.table, shape, 0, manifest.next, () => undefined)) {
    for (const face of page) {
      if (!isTombstone(face) && isCommitted(manifest, face.number)) inSet.add(face);
    }
  }
  const present = new Places();
  const taken = new Places();
  for (let place = 0; sameIds && place < marks.count; place += 1) {
    const number = marks.numberAt(place);
    const there = number === undefined ? undefined : inSet.placeOf(number);
    if (there === undefined || taken.has(there)) continue;
    if (Buffer.compare(inSet.vectorAt(there), marks.vectorAt(place)) !== 0) continue;
    taken.add(there);
    present.add(place);
  }
  const others = new WholeCounts(inSet, (there) => !taken.has(there));
  for (let place = 0; place < marks.count; place += 1) {
    if (!present.has(place) && others.take(marks.wholeAt(place))) present.add(place);
  }
  return present;
}

/** Keeps for the runs to come which faces an import leaves out: one bit a face. @param at of the import's entry in flight */
export async function keepSkipped(
  store: StoreContext,
  setId: string,
  id: string,
  at: number,
  skipped: Places,
): Promise<void> {
  if (skipped.size === 0) return;
  const bits = gzipSync(skipped.toBytes()).toString('base64');
  await store.table.put({ ...importSkipKey(setId, id, at), skipped: bits });
}

/** What `keepSkipped` kept; empty where nothing was. */
export async function skippedFaces(
  store: StoreContext,
  setId: string,
  id: string,
  at: number,
): Promise<Places> {
  const item = await store.table.get(importSkipKey(setId, id, at));
  if (item === undefined) return new Places();
  return new Places(gunzipSync(Buffer.from(String(item.skipped), 'base64')));
}
