import type { Meta } from './manifest.ts';

/** Numbers in [from, to). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What the adds, imports and changes in flight hold: their faces' numbers, and their revisions. */
export function inFlight(meta: Meta): { readonly ranges: Range[]; readonly revs: ReadonlySet<number> } {
  const ranges: Range[] = [];
  const revs = new Set<number>();
  for (const op of meta.inflight.values()) {
    if (op.kind === 'change') revs.add(op.rev);
    else ranges.push({ from: op.from, to: op.from + op.count });
  }
  return { ranges, revs };
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
