import { expect, it, vi } from 'vitest';
import { BodyBuffer } from './body-buffer.ts';

const limit = 12 * 1024 * 1024;
const piece = Buffer.alloc(64 * 1024, 7);

/** What was taken for so many pieces: the memory of each step. */
function takenFor(pieces: number, told?: number) {
  const allocate = vi.spyOn(Buffer, 'allocUnsafeSlow');
  const buffer = new BodyBuffer(limit, told);
  for (let count = 0; count < pieces; count++) buffer.append(piece);
  const taken = allocate.mock.calls.map(([bytes]) => bytes);
  allocate.mockRestore();
  const isWhole = Buffer.from(buffer.bytes).equals(Buffer.alloc(pieces * piece.length, 7));
  buffer.free();
  return { taken, isWhole };
}

it('of a body whose size was told, all memory is taken when a megabyte is there, and nothing is copied after', () => {
  const { taken, isWhole } = takenFor(120, 120 * piece.length);
  expect(taken).toEqual([256 * 1024, 512 * 1024, 1024 * 1024, 120 * piece.length]);
  expect(isWhole).toBe(true);
});

it('who tells much and sends little has little', () => {
  expect(takenFor(4, limit).taken).toEqual([256 * 1024]);
});

it.each([
  ['less than comes', 20 * piece.length],
  ['nothing', undefined],
  ['no number', Number.NaN],
  ['more than is taken', Number.MAX_SAFE_INTEGER],
])('a body is whole where %s was told', (_, told) => {
  const { taken, isWhole } = takenFor(120, told);
  expect(isWhole).toBe(true);
  expect(Math.max(...taken)).toBeLessThanOrEqual(limit);
});
