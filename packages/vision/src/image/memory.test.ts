import { expect, it } from 'vitest';
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
  expect(() => estimatePictureMemory(scannedJpeg({ width: 5000, height: 100, scans: 1 }))).toThrow();
});
