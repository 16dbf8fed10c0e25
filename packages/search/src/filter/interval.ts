import type { Bound } from '@openfrs/contract';
import type { Interval } from './intervals.ts';

const minLong = -(2n ** 63n);
const maxLong = 2n ** 63n - 1n;

/** A range's bounds as a closed interval of doubles: an open end moves to the neighbouring double. */
export function numberInterval(low: Bound | undefined, high: Bound | undefined): Interval<number> {
  return {
    low:
      low === undefined
        ? Number.NEGATIVE_INFINITY
        : low.inclusive
          ? Number(low.value)
          : above(Number(low.value)),
    high:
      high === undefined
        ? Number.POSITIVE_INFINITY
        : high.inclusive
          ? Number(high.value)
          : -above(-Number(high.value)),
  };
}

/** The same for 64-bit integers, cut to their range. */
export function longInterval(low: Bound | undefined, high: Bound | undefined): Interval<bigint> {
  const from = low === undefined ? minLong : BigInt(low.value) + (low.inclusive ? 0n : 1n);
  const to = high === undefined ? maxLong : BigInt(high.value) - (high.inclusive ? 0n : 1n);
  if (from > maxLong || to < minLong) return { low: 1n, high: 0n };
  return { low: from < minLong ? minLong : from, high: to > maxLong ? maxLong : to };
}

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The next double above a finite one: IEEE 754 numbers of one sign are ordered as their bits are. */
export function above(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  double[0] = value;
  bits[0]! += value > 0 ? 1n : -1n;
  return double[0]!;
}
