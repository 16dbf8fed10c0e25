import type { Steps } from '@openfrs/contract/steps';

/** Entries that are sorted, or merged, between two pauses. */
const atOnce = 512;

/** A sorted copy of the list: runs of it are sorted, then merged in pairs. Neither list changes meanwhile. */
export function* sortSteps<T>(list: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < list.length; start += atOnce) {
    if (start > 0) yield;
    runs.push(list.slice(start, start + atOnce).sort(compare));
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let run = 0; run < runs.length; run += 2) {
      merged.push(yield* merge(runs[run]!, runs[run + 1] ?? [], compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(left: T[], right: T[], compare: (a: T, b: T) => number): Steps<T[]> {
  if (right.length === 0) return left;
  const merged: T[] = [];
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    if (merged.length % atOnce === 0) yield;
    const isLeft = r === right.length || (l < left.length && compare(left[l]!, right[r]!) <= 0);
    merged.push(isLeft ? left[l++]! : right[r++]!);
  }
  return merged;
}
