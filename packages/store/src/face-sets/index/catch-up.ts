import { runInSlices, type Steps } from '@openfrs/contract/steps';
import type { FaceIndex } from '@openfrs/search';
import { chunk } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import type { FaceSetIdentity } from '../protocol/sets.ts';
import { type ChangeRecord, readChanges } from '../records/change-log.ts';
import { type FaceRecord, isTombstone, readFaces, type Tombstone } from '../records/faces.ts';
import type { SetManifest } from '../records/manifest.ts';
import { heldInFlight, subtract } from '../records/number-ranges.ts';
import type { ManifestSnapshot } from '../records/snapshot.ts';
import { loadRows, rowsAtOnce } from './load-rows.ts';
import type { LoadedIndex } from './loaded-index.ts';

/** The change log no longer has all that the index lacks: it must be built anew. */
export class LogTruncatedError extends Error {}

/** Changed faces are read in parts of this size, so that other readers get their turn at the table. */
const changesAtOnce = 2000;

/**
 * Brings an index up to a snapshot that is newer than its own: reads the faces whose adds have ended since, and the faces of all
 * changes that have ended since. What is in flight is left for the next time: nobody was told that it happened. Can be
 * repeated after a failure.
 * @param news what `readChangesSince` gives for this index, where it is being read already
 * @throws LogTruncatedError
 */
export async function catchUp(
  store: StoreContext,
  set: FaceSetIdentity,
  loaded: LoadedIndex,
  snapshot: ManifestSnapshot,
  news = readChangesSince(store, set.id, loaded, snapshot.manifest),
): Promise<void> {
  const { manifest } = snapshot;
  const inFlight = heldInFlight(manifest);
  const unknown =
    manifest.next > loaded.next
      ? [...loaded.pending, { from: loaded.next, to: manifest.next }]
      : loaded.pending;
  const ranges = subtract(unknown, inFlight.ranges);
  const changes = await news;
  loaded.wasCurrent = ranges.length === 0 && changes.length === 0;
  if (!loaded.wasCurrent) {
    loaded.version += 1;
    // Added behind the wait: deleted faces may be forgotten meanwhile.
    const added = await loadRows(store, set, loaded.index, manifest, ranges);
    loaded.changedRows += added;
    const removed = await applyChanges(store, set, loaded.index, changes);
    loaded.changedRows += removed;
    loaded.version += 1;
  }
  loaded.pending = inFlight.ranges;
  loaded.next = Math.max(loaded.next, manifest.next);
  loaded.open = inFlight.revisions;
  loaded.revision = Math.max(loaded.revision, manifest.revision);
  loaded.asOf = snapshot;
}

/** Takes deleted faces out of an index: its next catch-up would read each of them else. Their numbers are never used again. */
export async function forget(loaded: LoadedIndex, numbers: ReadonlySet<number>): Promise<void> {
  loaded.version += 1;
  const removed = await runInSlices(apply(loaded.index, [...numbers], new Map()));
  loaded.changedRows += removed;
  loaded.version += 1;
}

/** The changes that have ended and that the index doesn't know yet. @throws LogTruncatedError */
export async function readChangesSince(
  store: StoreContext,
  setId: string,
  loaded: Pick<LoadedIndex, 'open' | 'revision'>,
  manifest: SetManifest,
): Promise<ChangeRecord[]> {
  const inFlight = heldInFlight(manifest).revisions;
  const since = [...loaded.open];
  for (let revision = loaded.revision + 1; revision <= manifest.revision; revision++) since.push(revision);
  const revisions = since.filter((revision) => !inFlight.has(revision));
  if (revisions.length === 0) return [];
  const wanted = new Set(revisions);
  const found = await readChanges(store.table, setId, Math.min(...revisions), Math.max(...revisions));
  const changes = found.filter(({ revision }) => wanted.has(revision));
  if (changes.length < wanted.size) throw new LogTruncatedError();
  return changes;
}

async function applyChanges(
  store: StoreContext,
  set: FaceSetIdentity,
  index: FaceIndex,
  changes: readonly ChangeRecord[],
): Promise<number> {
  const known = await runInSlices(knownOf(index, changes));
  let removed = 0;
  for (const numbers of chunk(known, changesAtOnce)) {
    const now = await readFaces(store.table, set.id, numbers, set.fields);
    removed += await runInSlices(apply(index, numbers, now));
  }
  return removed;
}

/** The changed faces that the index has, each once. */
function* knownOf(index: FaceIndex, changes: readonly ChangeRecord[]): Steps<number[]> {
  const known = new Set<number>();
  for (const { faces } of changes) {
    for (const { number } of faces) if (index.has(number)) known.add(number);
    yield;
  }
  return [...known];
}

function* apply(
  index: FaceIndex,
  numbers: readonly number[],
  now: ReadonlyMap<number, FaceRecord | Tombstone>,
): Steps<number> {
  let removed = 0;
  for (const [i, number] of numbers.entries()) {
    if (i > 0 && i % rowsAtOnce === 0) yield;
    const face = now.get(number);
    if (face === undefined || isTombstone(face)) removed += Number(index.remove(number));
    else index.update(number, { externalImageId: face.externalImageId, fields: face.fields });
  }
  return removed;
}
