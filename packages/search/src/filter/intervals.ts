/** low ≤ value ≤ high; empty where low > high. */
export interface Interval<T> {
  readonly low: T;
  readonly high: T;
}

/** Ascending intervals, none empty, with a value that is in none between any two. */
export type Intervals<T> = readonly Interval<T>[];

/** A type's order: is there no value between the two? */
export type AreNeighbours<T> = (value: T, next: T) => boolean;

/** What is in any of the lists. */
export function unionOf<T extends number | bigint>(
  lists: readonly Intervals<T>[],
  areNeighbours: AreNeighbours<T>,
): Intervals<T> {
  if (lists.length === 1) return lists[0]!;
  const sorted = lists
    .flat()
    .filter(({ low, high }) => low <= high)
    .sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
  const merged: Interval<T>[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (last === undefined || (interval.low > last.high && !areNeighbours(last.high, interval.low))) {
      merged.push(interval);
    } else if (interval.high > last.high) {
      merged[merged.length - 1] = { low: last.low, high: interval.high };
    }
  }
  return merged;
}

/** What is in all of the lists. */
export function intersectionOf<T extends number | bigint>(lists: readonly Intervals<T>[]): Intervals<T> {
  return lists.reduce((a, b) => {
    const both: Interval<T>[] = [];
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      const [one, other] = [a[i]!, b[j]!];
      const isLater = one.low > other.low;
      const low = isLater ? one.low : other.low;
      const isShorter = one.high < other.high;
      const high = isShorter ? one.high : other.high;
      if (low <= high) both.push({ low, high });
      if (isShorter) i += 1;
      else j += 1;
    }
    return both;
  });
}
