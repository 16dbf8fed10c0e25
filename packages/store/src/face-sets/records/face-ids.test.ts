import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faceIds } from './face-ids.ts';

const key = (byte: number) => new Uint8Array(16).fill(byte);

describe('face ids', () => {
  it('are 8 letters that lead back to their number', () => {
    const ids = faceIds(key(1));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 52 ** 8 - 1 }), (number) => {
        const id = ids.idOf(number);
        expect(id).toMatch(/^[A-Za-z]{8}$/);
        expect(ids.numberOf(id)).toBe(number);
      }),
    );
  });

  it('are all different and look random: neighbours share no pattern, every letter is used alike', () => {
    const ids = faceIds(key(2));
    const all = Array.from({ length: 20_000 }, (_, number) => ids.idOf(number));
    expect(new Set(all).size).toBe(20_000);
    const counts = new Map<string, number>();
    for (const letter of all.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    // 160,000 letters of 52 kinds: 3,077 each, standard deviation 55.
    expect(counts.size).toBe(52);
    expect(Math.min(...counts.values())).toBeGreaterThan(3077 - 330);
    expect(Math.max(...counts.values())).toBeLessThan(3077 + 330);
    const sameAsNeighbour = all.filter((id, i) => id.slice(0, 3) === all[i + 1]?.slice(0, 3)).length;
    expect(sameAsNeighbour).toBeLessThan(5);
  });

  it('are others with another key, and stay what they are with the same', () => {
    expect(faceIds(key(3)).idOf(7)).not.toBe(faceIds(key(4)).idOf(7));
    // Stored sets depend on it: a change here loses every face's id.
    expect([0, 1, 52 ** 8 - 1].map((number) => faceIds(key(3)).idOf(number))).toEqual([
      'uDZRBdgv',
      'eHBFoUcj',
      'bWzZRXLj',
    ]);
  });

  it('take nothing else for an id', () => {
    for (const text of ['', 'abcdefg', 'abcdefghi', 'abcdefg1', 'abcdefgé', '        ']) {
      expect(faceIds(key(1)).numberOf(text)).toBeUndefined();
    }
  });
});
