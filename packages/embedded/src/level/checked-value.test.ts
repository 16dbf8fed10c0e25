import { describe, expect, test } from 'vitest';
import { checkedValue, hasChecksum, textOf } from './checked-value.ts';

const key = Buffer.from('item-faces~a/b');
const text = JSON.stringify({ id: { S: 'Zoë' }, n: { N: '12' } });

describe('a stored value', () => {
  test('comes back as it was', () => {
    expect(textOf(key, checkedValue(key, text))).toBe(text);
    expect(textOf(key, checkedValue(key, ''))).toBe('');
  });

  test('is refused with any one bit flipped, in itself or in its key, and cut off anywhere', () => {
    const stored = checkedValue(key, text);
    const flipped = (bytes: Buffer, bit: number) => {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy;
    };
    for (let bit = 0; bit < 8 * stored.length; bit++) {
      expect(() => textOf(key, flipped(stored, bit))).toThrow(/checksum/);
    }
    for (let bit = 0; bit < 8 * key.length; bit++) {
      expect(() => textOf(flipped(key, bit), stored)).toThrow('its checksum is wrong');
    }
    for (let length = 0; length < stored.length; length++) {
      expect(() => textOf(key, stored.subarray(0, length))).toThrow(/checksum/);
    }
  });

  test.each(['{"id":{"S":"a"}}', '[]', '10003', 'ff', '"x"'])(
    'of an older version is told apart: %s',
    (old) => {
      expect(hasChecksum(Buffer.from(old))).toBe(false);
      expect(hasChecksum(checkedValue(key, old))).toBe(true);
    },
  );
});
