import { putChange, readChange } from '../records/change-log.ts';
import { parallel } from '../../dynamodb/concurrency.ts';
import {
  buryFace,
  type FaceRecord,
  fenceFace,
  isDead,
  putVoid,
  readFaces,
  type Tombstone,
} from '../records/faces.ts';
import { endOperation, type Inflight, type Meta, readMeta } from '../records/manifest.ts';
import type { Store } from '../context.ts';

/** How an operation in flight came to its end. */
export type Outcome = 'done' | 'given up';

/** Operations that others may settle. */
export type Settleable = Exclude<Inflight, { kind: 'import' }>;

/** Records written or read at once. */
export const width = 16;
/** A delete may have thousands of faces and somebody waits for it: nearly as many at once as there are sockets. */
const deleteWidth = 48;

/**
 * Brings an operation in flight to its end, whoever began it and wherever it stopped; also while it is still running
 * or being settled by others: each decision is one conditional write, and all who come later follow it.
 * - An add whose faces are all there is done. Else a tombstone on a number that is still free decides that it is
 *   given up: from then on its faces can't be complete; those that are there are buried and the places given back.
 * - A delete is carried out from its log. Its own tombstones are what it has deleted, whoever buried them.
 * - An update can't be carried out (the log has no values): raising the face's version keeps a late writer out.
 */
export async function settle(store: Store, setId: string, op: string, entry: Settleable): Promise<Outcome> {
  await store.step('settle:begun');
  return entry.kind === 'add'
    ? settleAdd(store, setId, op, entry.from, entry.count)
    : settleChange(store, setId, op, entry.rev);
}

/** Is an operation in flight that must have died? */
export const hasStale = (store: Store, meta: Meta) =>
  [...meta.inflight.values()].some((entry) => isStale(store, entry));

function isStale(store: Store, entry: Inflight): entry is Settleable {
  return entry.kind !== 'import' && entry.at < store.now() - store.limits.staleAfterMs;
}

/** Settles what has been in flight for too long; returns how many operations that were. */
export async function settleStale(store: Store, meta: Meta): Promise<number> {
  let count = 0;
  for (const [op, entry] of meta.inflight) {
    if (!isStale(store, entry)) continue;
    await settle(store, meta.setId, op, entry);
    count += 1;
  }
  return count;
}

async function settleAdd(
  store: Store,
  setId: string,
  op: string,
  from: number,
  count: number,
): Promise<Outcome> {
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  const before = await readFaces(store.database, setId, numbers, {});
  const free = numbers.filter((number) => !before.has(number));
  await parallel(free, width, (number) => putVoid(store.database, setId, number, op, store.now()));
  await store.step('settle:fenced');
  const after = await readFaces(store.database, setId, numbers, {});
  if (![...after.values()].some((face) => isVoid(face, op))) {
    await endOperation(store.database, setId, op, 0);
    return 'done';
  }
  // A void put after the operation's end decides nothing: its faces may live, and the void's number be a deleted one.
  const meta = await readMeta(store.database, setId);
  if (!meta?.inflight.has(op)) {
    return [...before.values()].some((face) => isVoid(face, op)) ? 'given up' : 'done';
  }
  const written = [...after.values()].filter((face): face is FaceRecord => !isDead(face) && face.op === op);
  await parallel(written, width, (face) => buryFace(store.database, setId, face, op, store.now()));
  await store.step('settle:undone');
  await endOperation(store.database, setId, op, count);
  return 'given up';
}

const isVoid = (face: FaceRecord | Tombstone, op: string) => isDead(face) && face.dead === op;

async function settleChange(store: Store, setId: string, op: string, rev: number): Promise<Outcome> {
  const { database } = store;
  // Taking the log's place keeps the one who began from writing it later.
  await putChange(database, setId, { rev, kind: 'void', faces: [], at: store.now() });
  const log = await readChange(database, setId, rev);
  await store.step('settle:fenced');
  if (log === undefined || log.kind === 'void') {
    await endOperation(database, setId, op, 0);
    return 'given up';
  }
  if (log.kind === 'update') {
    await parallel(log.faces, width, (face) => fenceFace(database, setId, face));
    await store.step('settle:undone');
    await endOperation(database, setId, op, 0);
    return 'done';
  }
  const buried = await buryAll(store, setId, op, log.faces);
  await store.step('settle:undone');
  await endOperation(database, setId, op, buried.size);
  return 'done';
}

/**
 * Buries the faces that still have the expected version in the name of a delete.
 * @returns the numbers of all faces that this delete buried, now or before, by whomever
 */
export async function buryAll(
  store: Store,
  setId: string,
  op: string,
  faces: readonly { readonly number: number; readonly version: number }[],
): Promise<Set<number>> {
  const { database } = store;
  const missed: number[] = [];
  const buried = new Set<number>();
  await parallel(faces, deleteWidth, async (face) => {
    if (await buryFace(database, setId, face, op, store.now())) buried.add(face.number);
    else missed.push(face.number);
    await store.step('change:face');
  });
  for (const [number, face] of await readFaces(database, setId, missed, {})) {
    if (isVoid(face, op)) buried.add(number);
  }
  return buried;
}
