import { expect, it } from 'vitest';
import { sharp } from './native-sharp.ts';
import { resized } from './resize.ts';

it.each([
  [640, 480],
  [250, 250],
  [38, 2],
  [2, 38],
  [2, 2],
  [750, 800],
])('%i × %i pixels halved are what sharp makes of them', async (width, height) => {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 7919 + (at >> 3) * 31) & 255);
  const half = await resized({ width, height, data }, width / 2, height / 2);
  const expected = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(width / 2, height / 2, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  expect([half.width, half.height]).toEqual([width / 2, height / 2]);
  expect(Buffer.compare(half.data, expected)).toBe(0);
});
