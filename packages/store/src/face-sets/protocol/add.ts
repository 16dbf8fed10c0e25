import { FrsError } from '@openfrs/contract';
import type { FaceSet, NewFace } from '@openfrs/core';
import { parallel } from '../../dynamodb/concurrency.ts';
import { isDead, putFace, readFaces } from '../records/faces.ts';
import { faceKey } from '../records/keys.ts';
import { beginAdd, endOperation, isGone, type Meta, readMeta } from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';
import type { Store } from '../context.ts';
import { settle, settleStale, width } from './recovery.ts';

/** Begun anew so often when others take this add for dead (a stopped clock, a long pause). */
const rounds = 3;

/** Where the faces of an add came to lie, and the set's item after it. */
export interface Added {
  readonly from: number;
  readonly meta: Meta;
}

/**
 * Adds all faces or none: reserves places and numbers, writes the faces, ends the operation. Until the end nobody sees
 * them. Whatever fails on the way, the places are given back; after a crash others do that.
 * @throws FrsError FRS.0302 no such set (any more), FRS.0306 no room
 */
export async function addFaces(store: Store, set: FaceSet, faces: readonly NewFace[]): Promise<Added> {
  for (let round = 0; round < rounds; round++) {
    const added = await tryAdd(store, set, faces, newOperationId());
    if (added !== undefined) return added;
  }
  throw new Error(`Adding to face set ${set.id} was taken for dead ${rounds} times.`);
}

/**
 * One attempt to add, under a name of its own.
 * @param reserved called with the first face's number before anything is written; what it throws gives the attempt up
 * @returns `undefined` where others gave the attempt up: nothing was added
 */
export async function tryAdd(
  store: Store,
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
  const meta = await reserve(store, set, op, faces.length);
  const entry = meta.inflight.get(op);
  if (entry?.kind !== 'add') throw new Error('A reservation is missing from the answer to it.');
  const { from } = entry;
  try {
    await reserved(from);
    return (await write(store, set, op, from, faces)) ? { from, meta } : undefined;
  } catch (error) {
    if (error instanceof FrsError) throw error;
    // Settle at once what others would settle later; where it was complete after all, the add holds.
    if ((await settle(store, set.id, op, entry).catch(() => undefined)) === 'done') return { from, meta };
    throw error;
  }
}

async function reserve(store: Store, set: FaceSet, op: string, count: number): Promise<Meta> {
  const { database } = store;
  for (;;) {
    const begun = await beginAdd(database, set.id, op, count, set.capacity, store.now());
    if (begun !== undefined) {
      await store.step('add:reserved');
      return begun;
    }
    const meta = await readMeta(database, set.id);
    if (isGone(meta)) throw new FrsError('FRS.0302');
    if (meta.inflight.has(op)) return meta;
    const full = meta.used + count > set.capacity;
    // Dead operations may hold places.
    if (full && (await settleStale(store, meta)) === 0) throw new FrsError('FRS.0306');
  }
}

/** False where the operation was given up by others. */
async function write(
  store: Store,
  set: FaceSet,
  op: string,
  from: number,
  faces: readonly NewFace[],
): Promise<boolean> {
  const { database } = store;
  const refused: number[] = [];
  await parallel(faces, width, async (face, i) => {
    if (!(await putFace(database, set.id, from + i, op, face))) refused.push(from + i);
    await store.step('add:face');
  });
  await store.step('add:written');
  // Refused where the SDK repeated a write that had come through, or where a tombstone lies.
  const there = await readFaces(database, set.id, refused, {});
  const complete = refused.every((number) => {
    const face = there.get(number);
    return face !== undefined && !isDead(face) && face.op === op;
  });
  if (!complete) {
    await settle(store, set.id, op, { kind: 'add', from, count: faces.length, at: 0 });
    return false;
  }
  const ended = await endOperation(database, set.id, op, 0);
  await store.step('add:ended');
  return ended || wasDone(store, set, op, from, faces.length);
}

/** After an end that others made, or a removal of the set. */
async function wasDone(
  store: Store,
  set: FaceSet,
  op: string,
  from: number,
  count: number,
): Promise<boolean> {
  const { database } = store;
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  if (isGone(await readMeta(database, set.id))) {
    const keys = numbers.map((number) => faceKey(set.id, number));
    await database.removeMany(keys);
    throw new FrsError('FRS.0302');
  }
  const faces = await readFaces(database, set.id, numbers, {});
  return ![...faces.values()].some((face) => isDead(face) && face.dead === op);
}
