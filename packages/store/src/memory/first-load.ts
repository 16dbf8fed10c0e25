import type { FaceSet } from '@openfrs/core';
import { createIndex } from '@openfrs/search';
import { parallel } from '../records/database.ts';
import type { Meta } from '../records/meta.ts';
import { isLost, type LoadedSegment, loadSegment } from '../segments/load.ts';
import type { SegmentObjects } from '../segments/objects.ts';
import { inFlight, type Range, type SetMemory } from './sync.ts';

/** Segments read at once; each is read in parallel ranges itself. */
const width = 4;

export interface FirstLoad {
  readonly memory: SetMemory;
  readonly loaded: readonly LoadedSegment[];
  /** Keys of segments that are missing or not what was written: their faces will be read from the records. */
  readonly lost: readonly string[];
}

/**
 * An index from the segments that `meta` lists, to be caught up from the records. A lost segment's numbers are left
 * pending, so that catching up reads them from the records.
 * @param known segments found to be lost before
 */
export async function firstLoad(
  objects: SegmentObjects,
  set: FaceSet,
  meta: Meta,
  known: ReadonlySet<string>,
): Promise<FirstLoad> {
  const index = createIndex({ dimension: set.dimension, fields: set.fields });
  const loaded: LoadedSegment[] = [];
  const pending: Range[] = [];
  const lost: string[] = [];
  await parallel(meta.segments, width, async (entry) => {
    try {
      if (!known.has(entry.key)) {
        loaded.push(await loadSegment(objects, entry));
        return;
      }
    } catch (error) {
      if (!isLost(error)) throw error;
    }
    lost.push(entry.key);
    pending.push({ from: entry.from, to: entry.to });
  });
  for (const { segment, read } of loaded) index.attach(segment, read);
  const last = meta.segments.at(-1);
  const { segmentsVersion } = meta;
  const made = { index, pending, segmentsVersion, churn: 0 };
  const memory: SetMemory =
    last === undefined
      ? // All comes from the records, which are read after `meta` was: changes that had ended are in them.
        { ...made, next: 0, open: inFlight(meta).revs, rev: meta.rev }
      : { ...made, next: last.to, open: new Set(), rev: meta.logCleared };
  return { memory, loaded, lost };
}
