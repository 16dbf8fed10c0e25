import { FrsError } from '@openfrs/contract';
import type { FaceSet, NewFace } from '@openfrs/core';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { RecordContext } from '../context.ts';
import { type FaceToWrite, isTombstone, putFace, readFaces } from '../records/faces.ts';
import { faceKey } from '../records/keys.ts';
import { beginAdd, endOperation, isDeleted, readManifest, type SetManifest } from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';
import { withSealedCrop } from './crops.ts';
import { isTombstoneOf, recover, recoverStale, writeConcurrency } from './recovery.ts';
import { assertWritable, goneError } from './visibility.ts';

/** An add begins anew where others took it for dead and aborted it (a stopped clock, a long pause). */
const maxAttempts = 3;

/** The number of an add's first face, and the set's manifest once the numbers were reserved. */
export interface Added {
  readonly from: number;
  readonly manifest: SetManifest;
}

/**
 * Adds all faces or none: reserves places and numbers, writes the faces, ends the operation. Until the end nobody sees
 * them. Whatever fails on the way, the places are given back; after a crash others do that.
 * @throws FrsError FRS.0302 no such set (any more), FRS.0306 no room
 */
export async function addFaces(
  store: RecordContext,
  set: FaceSet,
  faces: readonly NewFace[],
): Promise<Added> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const added = await tryAdd(store, set, faces, newOperationId());
    if (added !== undefined) return added;
  }
  throw new Error(`Adding to face set ${set.id} was taken for dead ${maxAttempts} times.`);
}

/**
 * One attempt to add, under a name of its own.
 * @param reserved called with the first face's number before anything is written; what it throws aborts the attempt
 * @returns `undefined` where the attempt was aborted by others: nothing was added
 */
export async function tryAdd(
  store: RecordContext,
  set: FaceSet,
  faces: readonly NewFace[],
  op: string,
  reserved: (from: number) => Promise<void> = async () => undefined,
): Promise<Added | undefined> {
  for (const { vector } of faces) {
    if (vector.length !== set.dimension) {
      throw new RangeError(`The set holds vectors of ${set.dimension} numbers, not ${vector.length}.`);
    }
  }
  const manifest = await reserve(store, set, op, faces.length);
  const entry = manifest.inFlight.get(op);
  if (entry?.kind !== 'add') throw new Error('A reservation is missing from the answer to it.');
  const { from } = entry;
  try {
    await reserved(from);
    const sealed = faces.map((face, i) => withSealedCrop(store, manifest, from + i, face));
    return (await writeFaces(store, set, op, from, sealed)) ? { from, manifest } : undefined;
  } catch (error) {
    if (error instanceof FrsError) throw error;
    // Recovered at once instead of later by others; where it was complete after all, the add holds.
    if ((await recover(store, set.id, op, entry).catch(() => undefined)) === 'committed')
      return { from, manifest };
    throw error;
  }
}

async function reserve(store: RecordContext, set: FaceSet, op: string, count: number): Promise<SetManifest> {
  const { table } = store;
  for (;;) {
    const begun = await beginAdd(table, set.id, op, count, set.capacity, store.now());
    if (begun !== undefined) {
      await store.failpoint('add:reserved');
      return begun;
    }
    const manifest = await readManifest(table, set.id);
    if (manifest?.inFlight.has(op) && !isDeleted(manifest)) return manifest;
    assertWritable(store, manifest);
    const full = manifest.used + count > set.capacity;
    // Dead operations may hold places.
    if (full && (await recoverStale(store, manifest)) === 0) throw new FrsError('FRS.0306');
  }
}

/** False where the operation was aborted. */
async function writeFaces(
  store: RecordContext,
  set: FaceSet,
  op: string,
  from: number,
  faces: readonly FaceToWrite[],
): Promise<boolean> {
  const { table } = store;
  const refused: number[] = [];
  await mapConcurrent(faces, writeConcurrency, async (face, i) => {
    if (!(await putFace(table, set.id, from + i, op, face))) refused.push(from + i);
    await store.failpoint('add:face');
  });
  await store.failpoint('add:written');
  // Refused where the SDK repeated a write that had come through, or where a tombstone lies.
  const there = await readFaces(table, set.id, refused, {});
  const complete = refused.every((number) => {
    const face = there.get(number);
    return face !== undefined && !isTombstone(face) && face.op === op;
  });
  if (!complete) {
    await recover(store, set.id, op, { kind: 'add', from, count: faces.length, at: 0 });
    return false;
  }
  const ended = await endOperation(table, set.id, op, 0);
  await store.failpoint('add:ended');
  return ended || wasCommitted(store, set, op, from, faces.length);
}

/** How an add ended that others recovered. @throws FrsError FRS.0302 the set was removed */
async function wasCommitted(
  store: RecordContext,
  set: FaceSet,
  op: string,
  from: number,
  count: number,
): Promise<boolean> {
  const { table } = store;
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  const manifest = await readManifest(table, set.id);
  if (isDeleted(manifest)) {
    const keys = numbers.map((number) => faceKey(set.id, number));
    await table.removeMany(keys);
    throw goneError(manifest);
  }
  const faces = await readFaces(table, set.id, numbers, {});
  return ![...faces.values()].some((face) => isTombstoneOf(face, op));
}
