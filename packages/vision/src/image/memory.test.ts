import { expect, it, vi } from 'vitest';
import { scannedJpeg } from '../../test/hostile-pictures.ts';
import { estimatePictureMemory } from './header.ts';
import { sharp } from './native-sharp.ts';

const megabyte = 1_000_000;

it('the memory of a picture is told by its header: frames, coefficients, file', async () => {
  const [width, height] = [4096, 2160];
  const flat = sharp({ create: { width, height, channels: 3, background: '#888' } });
  // Measured in a process of its own: 63 MB progressive, 89 without subsampling, 64 turned.
  const subsampled = estimatePictureMemory(await flat.jpeg({ progressive: true }).toBuffer());
  const full = estimatePictureMemory(scannedJpeg({ width, height, scans: 1 }));
  expect(subsampled).toBeGreaterThan(63 * megabyte);
  expect(full).toBeGreaterThan(89 * megabyte);
  expect(full).toBeLessThan(150 * megabyte);
  expect(estimatePictureMemory(scannedJpeg({ width: 100, height: 100, scans: 1 }))).toBeLessThan(
    9 * megabyte,
  );
});

it('what is refused before it is decoded takes its file alone', () => {
  const refused = [
    scannedJpeg({ width: 5000, height: 100, scans: 1 }),
    Buffer.from('no picture'),
    Buffer.of(),
  ];
  for (const file of refused) expect(estimatePictureMemory(file)).toBe(2 * file.length + 8 * megabyte);
});

it('a header that begins behind a million segments, or bytes that might be some, is not looked for', () => {
  const picture = scannedJpeg({ width: 100, height: 100, scans: 1 });
  const late = (bytes: number, filling: number[]) =>
    Buffer.concat([picture.subarray(0, 2), Buffer.alloc(bytes, Buffer.from(filling)), picture.subarray(2)]);
  const comment = [0xff, 0xfe, 0, 2];
  expect(estimatePictureMemory(late(3600, comment))).toBeLessThan(9 * megabyte);
  for (const filling of [comment, [0xff], [0xff, 0], [0xff, 0xd0]]) {
    const file = late(4_000_000, filling);
    const looked = vi.spyOn(file, 'indexOf');
    expect(estimatePictureMemory(file)).toBeGreaterThan(100 * megabyte);
    expect(looked.mock.calls.length).toBeLessThan(1100);
  }
});
