import type { FieldSchema, FieldValues } from '@openfrs/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFields, encodeFields } from './field-codec.ts';

const schema: FieldSchema = { s: 'string', i: 'integer', l: 'long', f: 'float', d: 'double', b: 'boolean' };

describe('custom fields as text', () => {
  it('come back exactly, whatever their values', () => {
    const values = fc.record(
      {
        s: fc.string({ unit: 'grapheme' }),
        i: fc.integer(),
        l: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        f: fc.float({ noNaN: true, noDefaultInfinity: true }),
        d: fc.double({ noNaN: true, noDefaultInfinity: true }),
        b: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(values, (fields) => {
        const back = decodeFields(encodeFields(fields as FieldValues), schema);
        expect(Object.keys(back)).toEqual(Object.keys(fields));
        for (const [name, value] of Object.entries(fields)) expect(Object.is(back[name], value)).toBe(true);
      }),
    );
  });
});
