import {
  type FieldSchema,
  type FieldType,
  type FieldValue,
  type Filter,
  fieldTypes,
} from '@openfrs/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { faceRow, memberNames, randomFrom, randomVector, segmentOf, specOf } from '../test/support.ts';
import { createIndex } from './index.ts';
import type { FaceRow, IndexSpec } from './types.ts';

const dimension = 64;
const zero = randomVector(dimension, randomFrom(3));
const name = fc.oneof(fc.constantFrom(...memberNames), fc.stringMatching(/^[A-Za-z0-9_-]{1,36}$/));
const schemas = fc
  .uniqueArray(fc.tuple(name, fc.constantFrom(...fieldTypes)), {
    selector: ([one]) => one,
    minLength: 1,
    maxLength: 10,
  })
  .map((entries): FieldSchema => Object.fromEntries(entries));

const values: Readonly<Record<FieldType, FieldValue>> = {
  string: 'text',
  integer: -7,
  float: 0.5,
  double: 0.1,
  boolean: true,
  long: 9_007_199_254_740_993n,
};

/** A row with all fields, one with none, and one with each. */
function rowsOf(fields: FieldSchema): FaceRow[] {
  const all = Object.entries(fields).map(([one, type]): [string, FieldValue] => [one, values[type]]);
  const some = [all, [], ...all.map((entry) => [entry])];
  return some.map((entries, i) => faceRow(i, zero, { fields: Object.fromEntries(entries) }));
}

async function expectAll(spec: IndexSpec, rows: readonly FaceRow[], index: ReturnType<typeof createIndex>) {
  for (const { vector: _, ...record } of rows) {
    const found = index.row(record.number);
    expect(Object.entries(found?.fields ?? {})).toEqual(Object.entries(record.fields));
  }
  for (const [field, type] of Object.entries(spec.fields)) {
    const filter: Filter = { kind: 'equals', field, value: values[type] };
    const having = rows.filter(({ fields }) => Object.hasOwn(fields, field)).map(({ number }) => number);
    expect(await index.match(filter)).toEqual(having);
  }
}

it('fields of any name are kept, found and missing, in the tail and in segments', async () => {
  await fc.assert(
    fc.asyncProperty(schemas, async (fields) => {
      const spec = specOf(dimension, fields);
      const rows = rowsOf(fields);
      const index = createIndex(spec);
      index.append(rows);
      await expectAll(spec, rows, index);
      index.attach(segmentOf(spec, rows));
      await expectAll(spec, rows, index);
      index.update(0, { fields: {} });
      await expectAll(spec, [{ ...rows[0]!, fields: {} }, ...rows.slice(1)], index);
    }),
    { numRuns: 200 },
  );
});
