import type { FieldSchema, FieldValues } from '@openfrs/contract';
import { describe, expect, it } from 'vitest';
import { pickFields, readReturnFields, readSortKeys, type ScoredHit, sortHits } from './search-result.ts';

const schema: FieldSchema = { n: 'long', w: 'double', s: 'string', b: 'boolean' };
const code = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};
const hit = (faceId: string, similarity: number, fields: FieldValues): ScoredHit => ({
  hit: {
    faceId,
    fields,
    externalImageId: 'a',
    cosine: 0,
    box: { topLeftX: 0, topLeftY: 0, width: 1, height: 1 },
  },
  similarity,
});
const order = (hits: readonly ScoredHit[], sort: [string, 'asc' | 'desc'][]) =>
  sortHits(
    hits,
    sort.map(([field, direction]) => ({ field, direction })),
  )
    .map(({ hit: { faceId } }) => faceId)
    .join('');

describe('return_fields', () => {
  it('are all of the set if left out, none if empty', () => {
    expect([...readReturnFields(undefined, schema)]).toEqual(['n', 'w', 's', 'b']);
    expect([...readReturnFields([], schema)]).toEqual([]);
    expect(pickFields({ n: 1n, s: 'a' }, readReturnFields(['s', 'w'], schema))).toEqual({ s: 'a' });
  });

  it('that are not defined are FRS.0030', () => {
    expect(code(() => readReturnFields(['n', 'other'], schema))).toBe('FRS.0030');
    expect(code(() => readReturnFields(['constructor'], schema))).toBe('FRS.0030');
  });
});

describe('sort', () => {
  it('needs a returned field (FRS.0031) that is a number (FRS.0032)', () => {
    const all = readReturnFields(undefined, schema);
    expect(code(() => readSortKeys(new Map([['other', 'asc']]), all, schema))).toBe('FRS.0031');
    expect(code(() => readSortKeys(new Map([['w', 'asc']]), new Set(['n']), schema))).toBe('FRS.0031');
    expect(code(() => readSortKeys(new Map([['s', 'asc']]), all, schema))).toBe('FRS.0032');
    expect(code(() => readSortKeys(new Map([['b', 'asc']]), all, schema))).toBe('FRS.0032');
  });

  it('orders by its keys, then by similarity; a face without the field comes last either way', () => {
    const hits = [
      hit('a', 0.9, { n: 9007199254740993n }),
      hit('b', 0.8, { n: 9007199254740992n, w: 2 }),
      hit('c', 0.7, { w: 1 }),
      hit('d', 0.95, { n: 9007199254740993n, w: -1 }),
    ];
    expect(order(hits, [])).toBe('dabc');
    expect(order(hits, [['n', 'asc']])).toBe('bdac');
    expect(order(hits, [['n', 'desc']])).toBe('dabc');
    expect(
      order(hits, [
        ['n', 'desc'],
        ['w', 'asc'],
      ]),
    ).toBe('dabc');
    expect(order(hits, [['w', 'desc']])).toBe('bcda');
  });
});
