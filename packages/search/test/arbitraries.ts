import type { Bound, FieldValue, Filter } from '@openfrs/contract';
import fc from 'fast-check';
import { faceIdOf, randomFields, randomFrom, randomVector } from './support.ts';

const someLong = fc.integer({ min: -7, max: 7 }).map((value) => 9_007_199_254_740_993n + BigInt(value));
const valuesOf: Readonly<Record<string, fc.Arbitrary<FieldValue>>> = {
  a_string: fc.constantFrom('text_0', 'text_3', 'text_4', 'nothing', ''),
  a_integer: fc.integer({ min: -6, max: 6 }),
  a_float: fc.integer({ min: -6, max: 6 }).map((value) => Math.fround(value / 3)),
  a_double: fc.integer({ min: -6, max: 6 }).map((value) => value / 7),
  a_boolean: fc.boolean(),
  a_long: fc.oneof(someLong, fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n))),
  external_image_id: fc.integer({ min: 0, max: 8 }).map((i) => `person-${i}`),
  face_id: fc.integer({ min: 0, max: 60 }).map(faceIdOf),
};

const equals: fc.Arbitrary<Filter> = fc
  .constantFrom(...Object.keys(valuesOf))
  .chain((field) => valuesOf[field]!.map((value): Filter => ({ kind: 'equals', field, value })));

const range: fc.Arbitrary<Filter> = fc
  .constantFrom('a_integer', 'a_float', 'a_double', 'a_long')
  .chain((field) => {
    const bound = fc.option(
      fc.record({ value: valuesOf[field]!, inclusive: fc.boolean() }).map((found) => found as Bound),
      { nil: undefined },
    );
    return fc.record({ low: bound, high: bound }).map((ends): Filter => ({ kind: 'range', field, ...ends }));
  });

/** Filters over `everyType`, external_image_id and face_id, three levels deep. */
export const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: equals },
    { weight: 3, arbitrary: range },
    {
      weight: 2,
      arbitrary: fc
        .record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          operands: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
        })
        .map((filter): Filter => filter),
    },
    { weight: 1, arbitrary: tie('filter').map((operand): Filter => ({ kind: 'not', operand })) },
  ),
})).filter;

/** Values for every type of field, some left out. */
export const fieldValues = fc.integer().map((seed) => randomFields(randomFrom(seed)));

/** Vectors that make trouble: equal ones, nearly equal ones, zero, tiny, huge, one-hot, and ordinary ones. */
export function vectors(dimension: number): fc.Arbitrary<Float32Array> {
  const ordinary = fc.integer({ min: 0, max: 30 }).map((seed) => randomVector(dimension, randomFrom(seed)));
  const scaled = fc
    .tuple(ordinary, fc.constantFrom(1e-38, 1e-44, 1e-20, 3e38, 2, -1))
    .map(([vector, factor]) => vector.map((value) => Math.max(-3e38, Math.min(3e38, value * factor))));
  const nudged = fc
    .tuple(ordinary, fc.nat(dimension - 1), fc.constantFrom(1e-7, -1e-7, 1e-4, 1e-2))
    .map(([vector, at, by]) => vector.map((value, i) => (i === at ? value + by : value)));
  const oneHot = fc
    .tuple(fc.nat(dimension - 1), fc.constantFrom(1, -1, 1e-45, 3.4e38))
    .map(([at, value]) => new Float32Array(dimension).fill(value, at, at + 1));
  const constant = fc.constantFrom(0, 1, 1e-45, 3e38).map((value) => new Float32Array(dimension).fill(value));
  return fc.oneof({ weight: 4, arbitrary: ordinary }, nudged, scaled, oneHot, constant);
}
