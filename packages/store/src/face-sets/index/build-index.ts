import { createIndex, type FaceIndex } from '@openfrs/search';
import type { FaceSetOfName } from '../protocol/sets.ts';
import { idsOf } from '../protocol/visibility.ts';
import { parallel } from '../../dynamodb/concurrency.ts';
import type { Meta } from '../records/manifest.ts';
import { inFlight, type Range, subtract } from '../records/number-ranges.ts';
import type { Reading } from '../records/snapshot.ts';
import { isLost, type LoadedSegment, loadSegment } from '../segments/load-segment.ts';
import type { Store } from '../context.ts';
import { catchUp, loadRanges, readNews, type SetMemory } from './catch-up.ts';

/** Segments read at once; each is read in parallel ranges itself. */
const width = 4;

export interface FirstLoad {
  readonly memory: SetMemory;
  /** Keys of segments that are missing or not what was written: their faces were read from the records. */
  readonly lost: readonly string[];
}

/**
 * An index of the set as true as the reading: the codes of the segments, read side by side with the faces and changes that
 * they don't hold. The faces of a lost segment are read from the records.
 * @param skip segments not to be read
 * @throws LogCleared
 */
export async function firstLoad(
  store: Store,
  set: FaceSetOfName,
  reading: Reading,
  skip: (key: string) => boolean,
): Promise<FirstLoad> {
  const { meta } = reading;
  const index = createIndex({ dimension: set.dimension, fields: set.fields });
  const flying = inFlight(meta);
  const end = meta.segments.at(-1)?.to ?? 0;
  const { segmentsVersion, next } = meta;
  const base = {
    index,
    ids: idsOf(meta),
    segmentsVersion,
    churn: 0,
    version: 0,
    calm: true,
    next,
    asOf: reading,
  };
  const since = { open: new Set<number>(), rev: meta.logCleared };
  const news = readNews(store, set.id, since, meta);
  // Thrown below, or not needed.
  news.catch(() => undefined);
  const tail = subtract([{ from: end, to: meta.next }], flying.ranges);
  const [{ loaded, lost, missing }] = await Promise.all([
    readSegments(store, set, meta, index, skip),
    loadRanges(store, set, index, meta, tail),
  ]);
  const pending = [...missing, ...flying.ranges];
  const memory: SetMemory =
    loaded.length > 0
      ? { ...base, ...since, loaded, pending }
      : // All comes from the records, which are read after `meta` was: changes that had ended are in them.
        { ...base, loaded, pending, open: flying.revs, rev: meta.rev };
  await catchUp(store, set, memory, reading, ...(loaded.length > 0 ? [news] : []));
  return { memory, lost };
}

/** Takes each segment into the index as soon as its codes are there. */
async function readSegments(
  store: Store,
  set: FaceSetOfName,
  meta: Meta,
  index: FaceIndex,
  skip: (key: string) => boolean,
): Promise<{ loaded: LoadedSegment[]; lost: string[]; missing: Range[] }> {
  const loaded: LoadedSegment[] = [];
  const lost: string[] = [];
  const missing: Range[] = [];
  await parallel(meta.segments, width, async (entry) => {
    try {
      if (!skip(entry.key)) {
        const segment = await loadSegment(store.segments, entry, set.dimension);
        index.attach(segment.segment);
        loaded.push(segment);
        return;
      }
    } catch (error) {
      if (!isLost(error)) throw error;
      lost.push(entry.key);
    }
    missing.push({ from: entry.from, to: entry.to });
  });
  return { loaded, lost, missing };
}
