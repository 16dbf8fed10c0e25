import { chunk, mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { RecordContext } from '../context.ts';
import { putChange, readChange } from '../records/change-log.ts';
import {
  type FaceRecord,
  fenceFace,
  isTombstone,
  putTombstoneIfFree,
  readFaces,
  type Tombstone,
  tombstoneFace,
  tombstoneTogether,
} from '../records/faces.ts';
import { endOperation, type InFlight, readManifest, type SetManifest } from '../records/manifest.ts';

/** How an operation in flight came to its end. */
export type Outcome = 'committed' | 'aborted';

/** Operations that anyone may recover. */
export type Recoverable = Exclude<InFlight, { kind: 'import' }>;

/** Records written at once. */
export const writeConcurrency = 16;
/** A delete may have thousands of faces and somebody waits for it: nearly as many at once as there are sockets. */
const deleteConcurrency = 48;
/** Transactions at once. */
const transactions = 4;

/**
 * Commits or aborts an operation in doubt, whoever began it and wherever it stopped, also while it still runs or others recover
 * it: each decision is one conditional write, which all who come later follow.
 * - An add whose faces are all there is committed. Else a tombstone on a free number decides that it is aborted: its other
 *   faces become tombstones, and its places are given back.
 * - A delete is carried out from its change record. Its own tombstones are what it has deleted, whoever wrote them.
 * - An update can't be carried out (the record has no values): raising the face's version fences a late writer off.
 */
export async function recover(
  store: RecordContext,
  setId: string,
  op: string,
  entry: Recoverable,
): Promise<Outcome> {
  await store.failpoint('settle:begun');
  return entry.kind === 'add'
    ? recoverAdd(store, setId, op, entry.from, entry.count)
    : recoverChange(store, setId, op, entry.revision);
}

/** Is an operation in doubt: in flight for so long that its writer must have died? */
export const hasStale = (store: RecordContext, manifest: SetManifest) =>
  [...manifest.inFlight.values()].some((entry) => isStale(store, entry));

function isStale(store: RecordContext, entry: InFlight): entry is Recoverable {
  return entry.kind !== 'import' && entry.at < store.now() - store.limits.staleAfterMs;
}

/** Recovers what has been in flight for too long; returns how many operations that were. */
export async function recoverStale(store: RecordContext, manifest: SetManifest): Promise<number> {
  let count = 0;
  for (const [op, entry] of manifest.inFlight) {
    if (!isStale(store, entry)) continue;
    await recover(store, manifest.setId, op, entry);
    count += 1;
  }
  return count;
}

async function recoverAdd(
  store: RecordContext,
  setId: string,
  op: string,
  from: number,
  count: number,
): Promise<Outcome> {
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  const before = await readFaces(store.table, setId, numbers, {});
  const free = numbers.filter((number) => !before.has(number));
  await mapConcurrent(free, writeConcurrency, (number) =>
    putTombstoneIfFree(store.table, setId, number, op, store.now()),
  );
  await store.failpoint('settle:fenced');
  const after = await readFaces(store.table, setId, numbers, {});
  if (![...after.values()].some((face) => isTombstoneOf(face, op))) {
    await endOperation(store.table, setId, op, 0);
    return 'committed';
  }
  // A tombstone put after the operation's end decides nothing: its faces may live, and its number be a deleted one.
  const manifest = await readManifest(store.table, setId);
  if (!manifest?.inFlight.has(op)) {
    return [...before.values()].some((face) => isTombstoneOf(face, op)) ? 'aborted' : 'committed';
  }
  const written = [...after.values()].filter(
    (face): face is FaceRecord => !isTombstone(face) && face.op === op,
  );
  await mapConcurrent(written, writeConcurrency, (face) =>
    tombstoneFace(store.table, setId, face, op, store.now()),
  );
  await store.failpoint('settle:undone');
  await endOperation(store.table, setId, op, count);
  return 'aborted';
}

/** Is it a tombstone that this operation, or who recovered it, put there? */
export const isTombstoneOf = (face: FaceRecord | Tombstone, op: string) =>
  isTombstone(face) && face.operation === op;

async function recoverChange(
  store: RecordContext,
  setId: string,
  op: string,
  revision: number,
): Promise<Outcome> {
  const { table } = store;
  // Taking the record's place keeps the one who began from writing it later.
  await putChange(table, setId, { revision, kind: 'void', faces: [], at: store.now() });
  const change = await readChange(table, setId, revision);
  await store.failpoint('settle:fenced');
  if (change === undefined || change.kind === 'void') {
    await endOperation(table, setId, op, 0);
    return 'aborted';
  }
  if (change.kind === 'update') {
    await mapConcurrent(change.faces, writeConcurrency, (face) => fenceFace(table, setId, face));
    await store.failpoint('settle:undone');
    await endOperation(table, setId, op, 0);
    return 'committed';
  }
  const tombstoned = await tombstoneFaces(store, setId, op, change.faces);
  await store.failpoint('settle:undone');
  await endOperation(table, setId, op, tombstoned.size);
  return 'committed';
}

/**
 * Turns the faces that still have the expected version into tombstones of a delete.
 * @returns the numbers of all faces that this delete turned into tombstones, now or before, by whomever
 */
export async function tombstoneFaces(
  store: RecordContext,
  setId: string,
  op: string,
  faces: readonly { readonly number: number; readonly version: number }[],
): Promise<Set<number>> {
  const missed: number[] = [];
  const tombstoned = new Set<number>();
  const one = async (face: (typeof faces)[number]) => {
    if (await tombstoneFace(store.table, setId, face, op, store.now())) tombstoned.add(face.number);
    else missed.push(face.number);
    await store.failpoint('change:face');
  };
  const several = async (group: typeof faces) => {
    if (await tombstoneTogether(store.table, setId, group, op, store.now())) {
      for (const { number } of group) tombstoned.add(number);
      await store.failpoint('change:face');
    } else await mapConcurrent(group, deleteConcurrency / transactions, one);
  };
  const { transactionFaces } = store.limits;
  if (faces.length < transactionFaces) await mapConcurrent(faces, deleteConcurrency, one);
  else await mapConcurrent(chunk(faces, transactionFaces), transactions, several);
  for (const [number, face] of await readFaces(store.table, setId, missed, {})) {
    if (isTombstoneOf(face, op)) tombstoned.add(number);
  }
  return tombstoned;
}
