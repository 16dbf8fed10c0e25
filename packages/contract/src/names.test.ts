import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  externalImageIdPattern,
  faceSetNamePattern,
  fieldNamePattern,
  idPattern,
  newId,
  stringValuePattern,
} from './names.ts';

describe('ids', () => {
  const ids = Array.from({ length: 100_000 }, newId);

  it('are 8 letters, never seen before, and good external_image_ids', () => {
    for (const id of ids) {
      if (!idPattern.test(id) || !externalImageIdPattern.test(id)) expect.unreachable(id);
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('use every letter equally in every place', () => {
    for (let place = 0; place < 8; place++) {
      const counts = new Map<string, number>();
      for (const id of ids) counts.set(id.charAt(place), (counts.get(id.charAt(place)) ?? 0) + 1);
      expect(counts.size).toBe(52);
      // 1,923 are expected, with a standard deviation of 43.
      for (const count of counts.values()) expect(Math.abs(count - ids.length / 52)).toBeLessThan(6 * 43);
    }
  });
});

describe('property: names', () => {
  const allowed = fc.constantFrom(...'ABCXYZabcxyz0189_-');
  const name = (max: number) =>
    fc.array(allowed, { minLength: 1, maxLength: max }).map((all) => all.join(''));
  const patterns = [
    [faceSetNamePattern, 64],
    [externalImageIdPattern, 36],
    [fieldNamePattern, 36],
    [stringValuePattern, 256],
  ] as const;

  it.each(patterns)('%s takes up to %d letters, digits, _ and -, and nothing else', (pattern, max) => {
    fc.assert(fc.property(name(max), (text) => pattern.test(text)));
    expect(pattern.test('a'.repeat(max))).toBe(true);
    expect(pattern.test('a'.repeat(max + 1))).toBe(false);
    expect(pattern.test('')).toBe(false);
    const odd = fc.constantFrom(...' .,/\\:;!?@#$%^&*()[]{}<>|~`\'"+=\n\r\t\u0000😀');
    fc.assert(
      fc.property(name(8), odd, name(8), (before, one, after) => {
        expect(pattern.test(before + one + after)).toBe(false);
        expect(pattern.test(before + one)).toBe(false);
      }),
    );
  });
});
