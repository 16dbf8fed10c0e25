import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sharp } from './native-sharp.ts';
import { resized } from './resize.ts';
import { shrunk } from './shrink.ts';

/** Pixels in which every value occurs beside every other. */
function noise(width: number, height: number) {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 7919 + (at >> 3) * 31) & 255);
  return { width, height, data };
}

function bySharp({ width, height, data }: ReturnType<typeof noise>, columns: number, rows: number) {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(columns, rows, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
}

it.each([
  [640, 480],
  [250, 250],
  [38, 2],
  [2, 38],
  [2, 2],
  [750, 800],
  [1152, 810],
])('%i × %i pixels halved are what sharp makes of them', async (width, height) => {
  const frame = noise(width, height);
  const half = await resized(frame, width / 2, height / 2);
  expect([half.width, half.height]).toEqual([width / 2, height / 2]);
  expect(Buffer.compare(half.data, await bySharp(frame, width / 2, height / 2))).toBe(0);
});

it.each([
  [640, 450, 400, 281],
  [640, 427, 320, 214],
  [1024, 683, 640, 427],
  [1280, 900, 800, 563],
  [400, 281, 200, 141],
  [320, 211, 160, 106],
  [576, 405, 288, 203],
  [200, 150, 77, 55],
  [300, 300, 80, 290],
])(
  '%i × %i pixels shrunk to %i × %i are what sharp makes of them',
  async (...[width, height, columns, rows]) => {
    const frame = noise(width, height);
    const expected = await bySharp(frame, columns, rows);
    // The second time its weights are known.
    for (const time of ['first', 'second'])
      expect(Buffer.compare(shrunk(frame, columns, rows)?.data ?? Buffer.alloc(0), expected), time).toBe(0);
  },
);

it('at any size it shrinks to, next to no colour is off, and by 1', async () => {
  const size = fc.record({
    from: fc.integer({ min: 40, max: 400 }),
    factor: fc.double({ min: 1.02, max: 3.5, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(size, size, async (across, down) => {
      const [columns, rows] = [across, down].map(({ from, factor }) => Math.round(from / factor)) as [
        number,
        number,
      ];
      const frame = noise(across.from, down.from);
      const expected = await bySharp(frame, columns, rows);
      const off = (shrunk(frame, columns, rows)?.data ?? new Uint8Array(expected.length)).map((value, at) =>
        Math.abs(value - (expected[at] as number)),
      );
      expect(off.every((one) => one <= 1)).toBe(true);
      expect(off.filter((one) => one > 0).length).toBeLessThanOrEqual(off.length / 50);
    }),
    { numRuns: 30 },
  );
});

it('is left to sharp where a side grows, stays, or shrinks by four and more', () => {
  const frame = noise(200, 100);
  for (const [columns, rows] of [
    [250, 50],
    [200, 50],
    [100, 100],
    [50, 50],
    [100, 20],
  ] as const) {
    expect(shrunk(frame, columns, rows)).toBeUndefined();
  }
});
