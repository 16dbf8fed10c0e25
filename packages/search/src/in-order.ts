import type { Steps } from '@openfrs/contract/steps';

/** Numbers that are put in place between two pauses. */
const numbersAtOnce = 65_536;

/** Merges ascending lists of different numbers into one. */
export function* inOrder(lists: readonly Float64Array[]): Steps<number[]> {
  let left = lists.filter((list) => list.length > 0).sort((a, b) => a[0]! - b[0]!);
  while (left.length > 1) {
    const merged: Float64Array[] = [];
    for (let i = 0; i < left.length; i += 2) {
      merged.push(i + 1 < left.length ? yield* mergeTwo(left[i]!, left[i + 1]!) : left[i]!);
    }
    left = merged;
  }
  const all: number[] = [];
  for (const number of left[0] ?? []) {
    all.push(number);
    if (all.length % numbersAtOnce === 0) yield;
  }
  return all;
}

function* mergeTwo(a: Float64Array, b: Float64Array): Steps<Float64Array> {
  const merged = new Float64Array(a.length + b.length);
  for (let i = 0, j = 0, at = 0; at < merged.length; at += 1) {
    merged[at] = j === b.length || (i < a.length && a[i]! < b[j]!) ? a[i++]! : b[j++]!;
    if (at % numbersAtOnce === numbersAtOnce - 1) yield;
  }
  return merged;
}
