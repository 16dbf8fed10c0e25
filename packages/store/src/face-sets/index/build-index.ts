import { createIndex, type FaceIndex, SegmentNewer } from '@openfrs/search';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import type { FaceSetIdentity } from '../protocol/sets.ts';
import { faceIdsOf } from '../protocol/visibility.ts';
import type { SetManifest } from '../records/manifest.ts';
import { heldInFlight, type Range, subtract } from '../records/number-ranges.ts';
import type { ManifestSnapshot } from '../records/snapshot.ts';
import { isUnreadable, type LoadedSegment, loadSegment } from '../segments/load-segment.ts';
import { catchUp, readChangesSince } from './catch-up.ts';
import { loadRows } from './load-rows.ts';
import type { LoadedIndex } from './loaded-index.ts';

/** Segments read at once; each is read in parallel ranges itself. */
const segmentConcurrency = 4;

export interface BuiltIndex {
  readonly loaded: LoadedIndex;
  /** Keys of segments that are missing or damaged: their faces were read from the records. */
  readonly unreadable: readonly string[];
}

/**
 * Builds the index of a set as true as the snapshot: the codes of the segments, read side by side with the faces and changes that
 * they don't hold.
 * @param skip segments whose faces are to be read from the records
 * @throws LogTruncatedError
 */
export async function buildIndex(
  store: StoreContext,
  set: FaceSetIdentity,
  snapshot: ManifestSnapshot,
  skip: (key: string) => boolean,
): Promise<BuiltIndex> {
  const { manifest } = snapshot;
  const index = createIndex({ dimension: set.dimension, fields: set.fields });
  const inFlight = heldInFlight(manifest);
  const end = manifest.segments.at(-1)?.to ?? 0;
  const { segmentsVersion, next } = manifest;
  const base = {
    ...{ index, ids: faceIdsOf(store, manifest), segmentsVersion, next, asOf: snapshot },
    ...{ changedRows: 0, version: 0, wasCurrent: true },
  };
  const since = { open: new Set<number>(), revision: manifest.truncatedTo };
  const news = readChangesSince(store, set.id, since, manifest);
  // Its failure is thrown by the catch-up below, or it is not needed.
  news.catch(() => undefined);
  const tail = subtract([{ from: end, to: manifest.next }], inFlight.ranges);
  const [{ segments, unreadable, missing }] = await Promise.all([
    readSegments(store, set, manifest, index, skip),
    loadRows(store, set, index, manifest, tail),
  ]);
  const pending = [...missing, ...inFlight.ranges];
  const loaded: LoadedIndex =
    segments.length > 0
      ? { ...base, ...since, segments, pending }
      : // All comes from the records, which are read after the manifest was: changes that had ended are in them.
        { ...base, segments, pending, open: inFlight.revisions, revision: manifest.revision };
  await catchUp(store, set, loaded, snapshot, ...(segments.length > 0 ? [news] : []));
  return { loaded, unreadable };
}

/**
 * Takes each segment into the index as soon as its codes are there; answers the ranges of those that aren't, too. One that a newer
 * openfrs wrote isn't to be written anew: servers of two versions would do so in turn.
 */
async function readSegments(
  store: StoreContext,
  set: FaceSetIdentity,
  manifest: SetManifest,
  index: FaceIndex,
  skip: (key: string) => boolean,
): Promise<{ segments: LoadedSegment[]; unreadable: string[]; missing: Range[] }> {
  const segments: LoadedSegment[] = [];
  const unreadable: string[] = [];
  const missing: Range[] = [];
  const rowsOfSet = manifest.segments.reduce((sum, { rows }) => sum + rows, 0);
  await mapConcurrent(manifest.segments, segmentConcurrency, async (entry) => {
    try {
      if (!skip(entry.key)) {
        const segment = await loadSegment(store.segments, entry, { dimension: set.dimension, rowsOfSet });
        index.attach(segment.segment);
        segments.push(segment);
        return;
      }
    } catch (error) {
      if (error instanceof SegmentNewer) {
        store.warn(
          `Faces of set ${set.id} are read one by one: segment ${entry.key} is a newer openfrs's.`,
          error,
        );
      } else {
        if (!isUnreadable(error)) throw error;
        unreadable.push(entry.key);
      }
    }
    missing.push({ from: entry.from, to: entry.to });
  });
  return { segments, unreadable, missing };
}
