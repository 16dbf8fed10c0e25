import type { SetManifest } from './manifest.ts';

/** Numbers in [from, to). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What the operations in flight hold: numbers of faces (adds, imports), and revisions (changes). */
export interface HeldNumbers {
  readonly ranges: Range[];
  readonly revisions: ReadonlySet<number>;
}

export function heldInFlight(manifest: SetManifest): HeldNumbers {
  const ranges: Range[] = [];
  const revisions = new Set<number>();
  for (const op of manifest.inFlight.values()) {
    if (op.kind === 'change') revisions.add(op.revision);
    else ranges.push({ from: op.from, to: op.from + op.count });
  }
  return { ranges, revisions };
}

/** What of `ranges` is in none of `holes`. */
export function subtract(ranges: readonly Range[], holes: readonly Range[]): Range[] {
  let left = [...ranges];
  for (const hole of holes) {
    left = left.flatMap((range) =>
      hole.to <= range.from || hole.from >= range.to
        ? [range]
        : [
            { from: range.from, to: hole.from },
            { from: hole.to, to: range.to },
          ].filter(({ from, to }) => from < to),
    );
  }
  return left;
}
