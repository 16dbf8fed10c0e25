import type { FaceIndex } from '@openfrs/search';
import type { Limits } from '../context.ts';
import type { FaceIds } from '../records/face-ids.ts';
import type { SetManifest } from '../records/manifest.ts';
import type { Range } from '../records/number-ranges.ts';
import type { Ticks } from '../records/snapshot.ts';
import type { LoadedSegment } from '../segments/load-segment.ts';

/** A set's index in memory, and up to which moment it is true. */
export interface LoadedIndex {
  readonly index: FaceIndex;
  readonly ids: FaceIds;
  /** The segments that it was built from. */
  readonly segments: readonly LoadedSegment[];
  /** Numbers below `next` that the index doesn't know yet: adds in flight at the last catch-up. */
  pending: readonly Range[];
  next: number;
  /** Revisions up to `revision` that the index doesn't know yet: changes in flight at the last catch-up. */
  open: ReadonlySet<number>;
  revision: number;
  /** When the manifest was read that the index is true to. */
  asOf: Ticks;
  /** The version of the list of segments that it was built from. */
  readonly segmentsVersion: number;
  /** Raised before and after whatever changes faces: while it stays the same, so do the faces. */
  version: number;
  /** Did the last catch-up find nothing new? */
  wasCurrent: boolean;
  /** Rows added and removed since it was built: they lie outside of segments, or idle. */
  changedRows: number;
}

/** Would an index built from the segments of now be much tidier? */
export function needsRebuild(
  { changedRows, index, segmentsVersion }: LoadedIndex,
  manifest: SetManifest,
  limits: Limits,
): boolean {
  return (
    manifest.segmentsVersion !== segmentsVersion && changedRows > Math.max(limits.tailRows, index.size / 4)
  );
}
