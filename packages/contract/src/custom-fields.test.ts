import { describe, expect, it } from 'vitest';
import { checkStringValues, typeFields } from './custom-fields.ts';
import type { FieldSchema } from './fields.ts';

const schema: FieldSchema = {
  timestamp: 'long',
  number: 'integer',
  id: 'string',
  weight: 'double',
  score: 'float',
  male: 'boolean',
  ...Object.fromEntries([['__proto__', 'string']]),
};

describe('custom fields (chapter 5.3)', () => {
  it('take values of their own type', () => {
    const given = { timestamp: 12, number: -5, id: 'home', weight: 1.25, score: 0.1, male: false };
    expect(typeFields(schema, given)).toEqual({ ...given, timestamp: 12n, score: Math.fround(0.1) });
  });

  it.each([
    ['timestamp', '12'],
    ['timestamp', 1.5],
    ['timestamp', null],
    ['number', 2147483648],
    ['number', true],
    ['number', '5'],
    ['weight', '1.0f'],
    ['score', 1e39],
    ['id', 5],
    ['id', ['a']],
    ['male', 'true'],
    ['male', 0],
  ])('refuse any other (FRS.0406): %s %j', (name, value) => {
    expect(() => typeFields(schema, { [name]: value })).toThrowError(
      expect.objectContaining({ code: 'FRS.0406' }),
    );
  });

  it.each(['other', 'constructor', 'toString', 'face_id'])(
    'refuse an undefined field (FRS.0405): %s',
    (name) => {
      expect(() => typeFields(schema, { [name]: 'a' })).toThrowError(
        expect.objectContaining({ code: 'FRS.0405' }),
      );
    },
  );

  it('may be called anything the pattern allows, even __proto__', () => {
    const typed = typeFields(schema, Object.fromEntries([['__proto__', 'a']]));
    expect(Object.entries(typed)).toEqual([['__proto__', 'a']]);
  });

  it.each(['', ' ', 'a b', 'a.b', 'a/b', 'a\n', 'a'.repeat(257), '😀', '\ud800'])(
    'refuse a malformed text (FRS.0012): %j',
    (value) => {
      expect(() => checkStringValues(schema, { id: value })).toThrowError(
        expect.objectContaining({ code: 'FRS.0012' }),
      );
    },
  );

  it.each(['a', '王小明', 'Владимир', 'ไทย', 'हिन्दी', 'é', '٣', 'a_b-1', '𠮷'.repeat(256)])(
    'take letters of any script, digits, _ and -: %s',
    (value) => {
      checkStringValues(schema, { id: value });
      expect(typeFields(schema, { id: value })).toEqual({ id: value });
    },
  );
});
