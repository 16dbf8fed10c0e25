import { createIndex, type FaceIndex } from '@openfrs/search';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import type { FaceSetIdentity } from '../protocol/sets.ts';
import { faceIdsOf } from '../protocol/visibility.ts';
import type { SetManifest } from '../records/manifest.ts';
import { heldInFlight, type Range, subtract } from '../records/number-ranges.ts';
import type { ManifestSnapshot } from '../records/snapshot.ts';
import { isUnreadable, type LoadedSegment, loadSegment } from '../segments/load-segment.ts';
import { catchUp, type LoadedIndex, loadRanges, readChangesSince } from './catch-up.ts';

/** Segments read at once; each is read in parallel ranges itself. */
const width = 4;

export interface BuiltIndex {
  readonly memory: LoadedIndex;
  /** Keys of segments that are missing or not what was written: their faces were read from the records. */
  readonly lost: readonly string[];
}

/**
 * An index of the set as true as the reading: the codes of the segments, read side by side with the faces and changes that
 * they don't hold. The faces of a lost segment are read from the records.
 * @param skip segments not to be read
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
    index,
    ids: faceIdsOf(store, manifest),
    segmentsVersion,
    changedRows: 0,
    version: 0,
    wasCurrent: true,
    next,
    asOf: snapshot,
  };
  const since = { open: new Set<number>(), revision: manifest.truncatedTo };
  const news = readChangesSince(store, set.id, since, manifest);
  // Thrown below, or not needed.
  news.catch(() => undefined);
  const tail = subtract([{ from: end, to: manifest.next }], inFlight.ranges);
  const [{ loaded, lost, missing }] = await Promise.all([
    readSegments(store, set, manifest, index, skip),
    loadRanges(store, set, index, manifest, tail),
  ]);
  const pending = [...missing, ...inFlight.ranges];
  const memory: LoadedIndex =
    loaded.length > 0
      ? { ...base, ...since, loaded, pending }
      : // All comes from the records, which are read after `manifest` was: changes that had ended are in them.
        { ...base, loaded, pending, open: inFlight.revisions, revision: manifest.revision };
  await catchUp(store, set, memory, snapshot, ...(loaded.length > 0 ? [news] : []));
  return { memory, lost };
}

/** Takes each segment into the index as soon as its codes are there. */
async function readSegments(
  store: StoreContext,
  set: FaceSetIdentity,
  manifest: SetManifest,
  index: FaceIndex,
  skip: (key: string) => boolean,
): Promise<{ loaded: LoadedSegment[]; lost: string[]; missing: Range[] }> {
  const loaded: LoadedSegment[] = [];
  const lost: string[] = [];
  const missing: Range[] = [];
  await mapConcurrent(manifest.segments, width, async (entry) => {
    try {
      if (!skip(entry.key)) {
        const segment = await loadSegment(store.segments, entry, set.dimension);
        index.attach(segment.segment);
        loaded.push(segment);
        return;
      }
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      lost.push(entry.key);
    }
    missing.push({ from: entry.from, to: entry.to });
  });
  return { loaded, lost, missing };
}
