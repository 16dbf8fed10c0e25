import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrsError } from '../error.ts';
import type { FieldSchema, FieldValue } from '../fields.ts';
import type { Filter } from '../filter-tree.ts';
import { maxFilterDepth } from './parse.ts';
import { maxFilterTerms } from './terms.ts';
import { maxFilterLength } from './tokens.ts';
import { readFilter } from './typed.ts';

const schema: FieldSchema = {
  rowkey: 'integer',
  big: 'long',
  weight: 'double',
  score: 'float',
  title: 'string',
  male: 'boolean',
};

function refused(text: string): void {
  expect(() => readFilter(text, schema), text).toThrowError(expect.objectContaining({ code: 'FRS.0029' }));
}

describe('the filter language of chapter 5.5', () => {
  it.each([
    ['rowkey:1', { kind: 'equals', field: 'rowkey', value: 1 }],
    ['title:quick', { kind: 'equals', field: 'title', value: 'quick' }],
    ['title:王小明_2-b', { kind: 'equals', field: 'title', value: '王小明_2-b' }],
    ['male:true', { kind: 'equals', field: 'male', value: true }],
    ['big:9007199254740993', { kind: 'equals', field: 'big', value: 9007199254740993n }],
    ['score:0.1', { kind: 'equals', field: 'score', value: Math.fround(0.1) }],
    ['weight:-1.5e3', { kind: 'equals', field: 'weight', value: -1500 }],
    ['external_image_id:imageID', { kind: 'equals', field: 'external_image_id', value: 'imageID' }],
    ['face_id:JLaHyYLL', { kind: 'equals', field: 'face_id', value: 'JLaHyYLL' }],
    ['  rowkey : 1  ', { kind: 'equals', field: 'rowkey', value: 1 }],
  ])('reads %s', (text, tree) => expect(readFilter(text, schema)).toEqual(tree));

  it.each([
    ['rowkey:[1 TO *]', { value: 1, inclusive: true }, undefined],
    ['rowkey:[* TO 1]', undefined, { value: 1, inclusive: true }],
    ['rowkey:[1 TO 10]', { value: 1, inclusive: true }, { value: 10, inclusive: true }],
    ['rowkey:{1 TO 10}', { value: 1, inclusive: false }, { value: 10, inclusive: false }],
    ['rowkey:[1 TO 10}', { value: 1, inclusive: true }, { value: 10, inclusive: false }],
    ['rowkey:{-1 TO *]', { value: -1, inclusive: false }, undefined],
    ['rowkey:[* TO *]', undefined, undefined],
  ])('reads the range %s', (text, low, high) =>
    expect(readFilter(text, schema)).toEqual({ kind: 'range', field: 'rowkey', low, high }),
  );

  it('binds && tighter than ||, and ! to its own parentheses', () => {
    const a = { kind: 'equals', field: 'rowkey', value: 1 };
    const b = { kind: 'equals', field: 'rowkey', value: 2 };
    const c = { kind: 'equals', field: 'title', value: 'c' };
    expect(readFilter('rowkey:1 || rowkey:2 && title:c', schema)).toEqual({
      kind: 'or',
      operands: [a, { kind: 'and', operands: [b, c] }],
    });
    expect(readFilter('(rowkey:1||rowkey:2)&&(!title:c)', schema)).toEqual({
      kind: 'and',
      operands: [
        { kind: 'or', operands: [a, b] },
        { kind: 'not', operand: c },
      ],
    });
    expect(readFilter('(!(rowkey:1 || rowkey:2))', schema)).toEqual({
      kind: 'not',
      operand: { kind: 'or', operands: [a, b] },
    });
  });

  it.each([
    '',
    '   ',
    'rowkey',
    'rowkey:',
    ':1',
    'rowkey:1 rowkey:2',
    'rowkey:1 &&',
    '&& rowkey:1',
    'rowkey:1 & rowkey:2',
    'rowkey:1 and rowkey:2',
    '!rowkey:1',
    'title:a && !rowkey:1',
    '(!rowkey:1 && title:a)',
    '(rowkey:1',
    'rowkey:1)',
    '()',
    'rowkey:*',
    'rowkey:[1 10]',
    'rowkey:[1 to 10]',
    'rowkey:[1TO10]',
    'rowkey:(1)',
    'rowkey:[1 TO 10)',
    'title:"quick"',
    "title:'quick'",
    'title:a b',
    'rowkey:1;',
  ])('refuses what it can not parse: %s', refused);

  it.each(['other:1', 'constructor:1', '__proto__:1', 'create_time:1', 'similarity:1'])(
    'refuses an undefined field: %s',
    refused,
  );

  it.each([
    'rowkey:a',
    'rowkey:1.5',
    'rowkey:2147483648',
    'rowkey:1.0f',
    'big:9223372036854775808',
    'big:100L',
    'weight:NaN',
    'weight:1e999',
    'weight:Infinity',
    'score:1e39',
    'male:1',
    'male:TRUE',
    'title:a.b',
    'title:[a TO b]',
    'male:[true TO false]',
    'external_image_id:[1 TO 2]',
    'rowkey:[1.5 TO 2]',
    'rowkey:[* TO a]',
  ])('refuses a value that is not of the type of its field: %s', refused);

  it('has limits of depth and length', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}rowkey:1${')'.repeat(depth)}`;
    expect(readFilter(nested(maxFilterDepth), schema)).toMatchObject({ kind: 'equals' });
    refused(nested(maxFilterDepth + 1));
    refused('('.repeat(maxFilterLength));
    refused(`rowkey:1${' '.repeat(maxFilterLength)}`);
    const wide = Array.from({ length: 500 }, (_, row) => `rowkey:${row}`).join(' || ');
    expect(readFilter(wide, schema)).toMatchObject({ kind: 'or' });
  });

  it('has a limit of terms, of which conditions on one field of a group are one', () => {
    const pairs = (count: number) =>
      Array.from({ length: count }, (_, row) => `rowkey:${row}&&male:true`).join('||');
    const half = maxFilterTerms / 2;
    expect(readFilter(pairs(half), schema)).toMatchObject({ kind: 'or' });
    refused(pairs(half + 1));
    const values = Array.from({ length: 4 * half }, (_, row) => `${row}`);
    const any = values.map((value) => `big:${value}`).join('||');
    expect(readFilter(any, schema)).toMatchObject({ kind: 'or' });
    expect(readFilter(`title:a&&(!(${any}))`, schema)).toMatchObject({ kind: 'and' });
    const none = values.slice(0, 2 * half - 1).map((value) => `(!big:${value})`);
    expect(readFilter(none.join('&&'), schema)).toMatchObject({ kind: 'and' });
  });

  it('takes conditions that are written alike once in a group', () => {
    const nine = { kind: 'equals', field: 'big', value: 9n };
    expect(readFilter(Array(2000).fill('big:9').join('||'), schema)).toEqual(nine);
    expect(readFilter('big:9 || title:a || big:9', schema)).toEqual({
      kind: 'or',
      operands: [nine, { kind: 'equals', field: 'title', value: 'a' }],
    });
    expect(readFilter('rowkey:[1 TO 2] && rowkey:[1 TO 2} && rowkey:[1 TO 2]', schema)).toMatchObject({
      kind: 'and',
      operands: [{ kind: 'range' }, { kind: 'range' }],
    });
  });
});

/** A face for the evaluator: the fields it has. */
type Face = Readonly<Record<string, FieldValue>>;

/** The meaning of a filter, in the plainest words. */
function passes(filter: Filter, face: Face): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.every((operand) => passes(operand, face));
    case 'or':
      return filter.operands.some((operand) => passes(operand, face));
    case 'not':
      return !passes(filter.operand, face);
    case 'equals':
      return Object.hasOwn(face, filter.field) && face[filter.field] === filter.value;
    case 'range': {
      const value = face[filter.field];
      if (typeof value !== 'number' && typeof value !== 'bigint') return false;
      const { low, high } = filter;
      const above = low === undefined || (low.inclusive ? value >= low.value : value > low.value);
      const below = high === undefined || (high.inclusive ? value <= high.value : value < high.value);
      return above && below;
    }
  }
}

interface Condition {
  readonly text: string;
  readonly holds: (face: Face) => boolean;
}

const small = fc.integer({ min: -3, max: 3 });
const condition: fc.Arbitrary<Condition> = fc.oneof(
  small.map((n) => ({ text: `rowkey:${n}`, holds: (face: Face) => face.rowkey === n })),
  fc.constantFrom('a', 'b').map((s) => ({ text: `title:${s}`, holds: (face: Face) => face.title === s })),
  fc.boolean().map((b) => ({ text: `male:${b}`, holds: (face: Face) => face.male === b })),
  fc.tuple(small, small, fc.boolean(), fc.boolean()).map(([low, high, lowIn, highIn]) => ({
    text: `rowkey:${lowIn ? '[' : '{'}${low} TO ${high}${highIn ? ']' : '}'}`,
    holds: ({ rowkey }: Face) =>
      typeof rowkey === 'number' &&
      (lowIn ? rowkey >= low : rowkey > low) &&
      (highIn ? rowkey <= high : rowkey < high),
  })),
);

/** A filter's text, and the same with each condition replaced by its place: JavaScript has the same precedence. */
interface Written {
  readonly text: string;
  readonly script: string;
  readonly conditions: readonly Condition[];
}

const written: fc.Arbitrary<Written> = fc.letrec<{ any: Written }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    condition.map((one) => ({ text: one.text, script: '?', conditions: [one] })),
    fc
      .tuple(tie('any'), fc.constantFrom('&&', '||'), tie('any'), fc.constantFrom('', ' '))
      .map(([a, op, b, gap]) => ({
        text: `${a.text}${gap}${op}${gap}${b.text}`,
        script: `${a.script}${op}${b.script}`,
        conditions: [...a.conditions, ...b.conditions],
      })),
    tie('any').map((a) => ({ ...a, text: `( ${a.text})`, script: `(${a.script})` })),
    tie('any').map((a) => ({ ...a, text: `(!(${a.text}))`, script: `(!(${a.script}))` })),
  ),
})).any;

const face: fc.Arbitrary<Face> = fc.record(
  { rowkey: small, title: fc.constantFrom('a', 'b', 'c'), male: fc.boolean() },
  { requiredKeys: [] },
);

describe('property: a filter means what the same expression means in JavaScript', () => {
  it('for any filter and any face', () => {
    fc.assert(
      fc.property(written, face, ({ text, script, conditions }, someFace) => {
        let next = 0;
        const expression = script.replace(/\?/g, () => String(conditions[next++]?.holds(someFace)));
        const expected = new Function(`return ${expression}`)() as boolean;
        expect(passes(readFilter(text, schema), someFace)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('any text at all is either read or refused with FRS.0029', () => {
    const piece = fc.constantFrom(
      'rowkey',
      'title',
      ':',
      '1',
      'a',
      '[',
      ']',
      '{',
      '}',
      '(',
      ')',
      '!',
      '&&',
      '||',
      ' ',
      'TO',
      '*',
      '"',
      '\u0000',
      '\ud800',
      '９',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (some) => {
        try {
          readFilter(some, schema);
        } catch (error) {
          expect(error).toBeInstanceOf(FrsError);
          expect((error as FrsError).code).toBe('FRS.0029');
        }
      }),
      { numRuns: 5000 },
    );
  });
});
