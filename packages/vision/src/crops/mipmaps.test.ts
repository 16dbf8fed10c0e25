import { describe, expect, it } from 'vitest';
import type { Frame } from '../geometry/frame.ts';
import { keepMipmap, mipmapForStride } from './mipmaps.ts';

const blank = (width: number, height: number): Frame => ({
  width,
  height,
  data: new Uint8Array(width * height * 3),
});

describe('a frame for sampling with a stride', () => {
  it('is the frame itself while every pixel counts', async () => {
    const frame = blank(400, 200);
    expect(await mipmapForStride(frame, 1.6, 0.7, 1.6)).toBe(frame);
  });

  it('is a half of a half, made once', async () => {
    const frame = blank(401, 200);
    const [one, two] = await Promise.all([
      mipmapForStride(frame, 5, 0.7, 1.6),
      mipmapForStride(frame, 5, 0.7, 1.6),
    ]);
    expect([one.width, one.height]).toEqual([101, 50]);
    expect(two).toBe(one);
  });

  it('is the largest copy at hand that is small enough', async () => {
    const frame = blank(1000, 500);
    const copies = [blank(400, 200), blank(200, 100), blank(100, 50)];
    for (const copy of copies) keepMipmap(frame, copy);
    expect(await mipmapForStride(frame, 4, 0.7, 1.6)).toBe(copies[0]);
    expect(await mipmapForStride(frame, 7, 0.7, 1.6)).toBe(copies[1]);
  });

  it('is made from the smallest copy at hand where all are too large', async () => {
    const frame = blank(1000, 500);
    keepMipmap(frame, blank(100, 50));
    expect((await mipmapForStride(frame, 40, 0.7, 1.6)).width).toBe(25);
  });

  it('is never a copy that lacks detail', async () => {
    const frame = blank(1000, 500);
    keepMipmap(frame, blank(200, 100));
    expect((await mipmapForStride(frame, 2, 0.7, 1.6)).width).toBe(500);
  });
});
