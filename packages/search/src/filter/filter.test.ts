import type { Filter } from '@openfrs/contract';
import { runToEnd } from '@openfrs/contract/steps';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldValues, filters } from '../../test/arbitraries.ts';
import {
  everyType,
  faceRow,
  matches,
  randomFrom,
  randomVector,
  segmentOf,
  specOf,
} from '../../test/support.ts';
import type { LoadedSegment } from '../segment.ts';
import { bindPlan } from './bound.ts';
import { isMatching, rowsOfStep } from './evaluate.ts';
import { planFilter } from './plan.ts';

const spec = specOf(64, everyType);
const zero = randomVector(64, randomFrom(1));
const rowsOf = (fields: readonly ReturnType<typeof faceRow>['fields'][]) =>
  fields.map((some, i) => faceRow(i, zero, { fields: some }));

/** Groups of many of the filters, and their negation: what is merged. */
const groups = fc
  .record({
    kind: fc.constantFrom('and' as const, 'or' as const),
    operands: fc.array(filters, { minLength: 1, maxLength: 12 }),
    negated: fc.boolean(),
  })
  .map(({ negated, ...group }): Filter => (negated ? { kind: 'not', operand: group } : group));

function matching(filter: Filter, segment: LoadedSegment): number[] {
  const bound = runToEnd(bindPlan(planFilter(filter, spec.fields), segment));
  const rows = Array.from({ length: segment.rows }, (_, row) => row);
  return rows.filter((row) => isMatching(bound, segment, row)).map((row) => segment.numberOf(row));
}

describe('a planned filter', () => {
  it('means what the filter means, for any filter and rows', () => {
    fc.assert(
      fc.property(groups, fc.array(fieldValues, { minLength: 1, maxLength: 80 }), (filter, fields) => {
        const rows = rowsOf(fields);
        const segment = segmentOf(spec, rows) as LoadedSegment;
        const expected = rows.filter((row) => matches(filter, row)).map(({ number }) => number);
        expect(matching(filter, segment)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  const any = (kind: 'and' | 'or', operands: readonly Filter[]): Filter => ({ kind, operands });
  const equal = (field: string, value: number | bigint | string): Filter => ({
    kind: 'equals',
    field,
    value,
  });

  it('compares longs as whole numbers, wherever their halves change sign', () => {
    const powers = [0n, 1n << 31n, 1n << 32n, 1n << 53n, (1n << 62n) + (1n << 31n), (1n << 63n) - 1n];
    const around = powers.flatMap((power) => [power - 1n, power, power + 1n, -power - 1n, -power]);
    const values = [...new Set(around)].filter((value) => BigInt.asIntN(64, value) === value);
    const segment = segmentOf(spec, rowsOf(values.map((value) => ({ a_long: value })))) as LoadedSegment;
    const between = (low: bigint, high: bigint): Filter => ({
      ...{ kind: 'range', field: 'a_long' },
      ...{ low: { value: low, inclusive: true }, high: { value: high, inclusive: true } },
    });
    const numbers = (passes: (value: bigint) => boolean) =>
      rowsOf(values.map((value) => ({ a_long: value }))).flatMap(({ number }, i) =>
        passes(values[i]!) ? [number] : [],
      );
    for (const low of values) {
      for (const high of values) {
        const expected = numbers((value) => value >= low && value <= high);
        expect(matching(between(low, high), segment), `${low} to ${high}`).toEqual(expected);
        const either = any('or', [between(low, low), between(high, high)]);
        expect(matching(either, segment)).toEqual(numbers((value) => value === low || value === high));
      }
    }
  });

  it('judges thousands of values of a field together', () => {
    const values = Array.from({ length: 2700 }, (_, i) => i);
    const costOf = (filter: Filter) => {
      const segment = segmentOf(spec, rowsOf([{}])) as LoadedSegment;
      return runToEnd(bindPlan(planFilter(filter, spec.fields), segment)).cost;
    };
    expect(
      costOf(
        any(
          'or',
          values.map((value) => equal('a_integer', 2 * value)),
        ),
      ),
    ).toBeLessThan(20);
    expect(
      costOf(
        any(
          'or',
          values.map((value) => equal('a_long', BigInt(2 * value))),
        ),
      ),
    ).toBeLessThan(20);
    expect(
      costOf(
        any(
          'or',
          values.map((value) => equal('a_string', `text_${value}`)),
        ),
      ),
    ).toBe(1);
    expect(
      costOf(
        any(
          'and',
          values.map((value): Filter => ({ kind: 'not', operand: equal('a_integer', 2 * value) })),
        ),
      ),
    ).toBeLessThan(20);
  });

  it('is short where values follow on each other, ranges overlap, or groups repeat', () => {
    const range = (low: number, high: number): Filter => ({
      kind: 'range',
      field: 'a_integer',
      low: { value: low, inclusive: true },
      high: { value: high, inclusive: false },
    });
    const one = (low: number, high: number) => ({
      kind: 'condition',
      field: 'a_integer',
      negated: false,
      values: { kind: 'numbers', intervals: [{ low, high }], whole: true },
    });
    const plan = (filter: Filter) => planFilter(filter, spec.fields);
    expect(
      plan(
        any(
          'or',
          [3, 1, 2, 2].map((value) => equal('a_integer', value)),
        ),
      ),
    ).toEqual(one(1, 3));
    expect(plan(any('or', [range(1, 5), range(5, 9)]))).toEqual(one(1, 8));
    expect(plan(any('and', [range(1, 7), range(5, 9)]))).toEqual(one(5, 6));
    const pair = any('and', [equal('a_integer', 1), equal('a_string', 'a')]);
    expect(plan(any('or', [pair, pair, any('or', [pair])]))).toEqual(plan(pair));
  });

  it('is judged for few rows at a time where it costs much', () => {
    for (const cost of [1, 20, 512, 5000]) {
      expect(rowsOfStep({ cost }) % 32).toBe(0);
      expect(cost * rowsOfStep({ cost })).toBeLessThanOrEqual(2 ** 18);
    }
  });
});
