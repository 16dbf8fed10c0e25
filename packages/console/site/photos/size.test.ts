import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sizeToSend } from './size.ts';

test('a picture within the limits keeps its size', () => {
  expect(sizeToSend({ width: 4096, height: 2160 })).toEqual({ width: 4096, height: 2160, scale: 1 });
  expect(sizeToSend({ width: 80, height: 80 })).toMatchObject({ scale: 1 });
});

test('the photo of a phone (12 megapixels) is made as large as the service takes', () => {
  expect(sizeToSend({ width: 4032, height: 3024 })).toMatchObject({ width: 2880, height: 2160 });
  expect(sizeToSend({ width: 3024, height: 4032 })).toMatchObject({ width: 2160, height: 2880 });
});

test('every picture comes within the limits and keeps its shape', () => {
  const side = fc.integer({ min: 80, max: 20_000 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const made = sizeToSend({ width, height });
      expect(Math.max(made.width, made.height)).toBeLessThanOrEqual(4096);
      expect(Math.min(made.width, made.height)).toBeLessThanOrEqual(2160);
      expect(Math.abs(made.width - width * made.scale)).toBeLessThan(1);
      expect(Math.abs(made.height - height * made.scale)).toBeLessThan(1);
    }),
  );
});
