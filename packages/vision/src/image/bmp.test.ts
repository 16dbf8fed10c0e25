import { describe, expect, it } from 'vitest';
import { type BmpShape, bmpFile, palette } from '../../test/bmp-files.ts';
import { decodePicture } from './decode.ts';

const width = 101;
const height = 83;

/** Stripes, dots and noise in the first `colours` palette entries. */
function indices(colours: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    const y = Math.floor(i / width);
    return y < 30 ? Math.floor(x / 9) % colours : y < 60 ? (x * 7 + y * 3) % colours : y % colours;
  });
}

function expected(picture: Uint8Array): Uint8Array {
  return Uint8Array.from([...picture].flatMap((index) => [...(palette[index] as readonly number[])]));
}

const shapes: readonly [string, BmpShape, number][] = [
  ['1 bit', { bits: 1 }, 2],
  ['2 bits', { bits: 2 }, 4],
  ['4 bits', { bits: 4 }, 16],
  ['4 bits top-down', { bits: 4, topDown: true }, 16],
  ['8 bits', { bits: 8 }, 256],
  ['8 bits top-down', { bits: 8, topDown: true }, 256],
  ['OS/2, 8 bits', { bits: 8, header: 12 }, 256],
  ['OS/2 2.x short, 24 bits', { bits: 24, header: 16 }, 256],
  ['OS/2 2.x, 4 bits', { bits: 4, header: 64 }, 16],
  ['RLE8', { bits: 8, compression: 'rle8' }, 256],
  ['RLE4', { bits: 4, compression: 'rle4' }, 16],
  ['16 bits, 5-5-5', { bits: 16 }, 8],
  ['16 bits, 5-6-5 fields', { bits: 16, compression: 'fields', masks: [0xf800, 0x7e0, 0x1f] }, 8],
  ['24 bits', { bits: 24 }, 256],
  ['24 bits top-down', { bits: 24, topDown: true }, 256],
  ['OS/2, 24 bits', { bits: 24, header: 12 }, 256],
  ['32 bits', { bits: 32 }, 256],
  ['32 bits, fields RGBX', { bits: 32, compression: 'fields', masks: [0xff000000, 0xff0000, 0xff00] }, 256],
  ['32 bits, 10-bit fields', { bits: 32, compression: 'fields', masks: [0x3ff00000, 0xffc00, 0x3ff] }, 256],
  ['32 bits, alpha fields', { bits: 32, compression: 'alpha-fields' }, 256],
  ['header of 52 bytes', { bits: 32, compression: 'fields', header: 52 }, 256],
  ['header of 56 bytes', { bits: 32, compression: 'fields', header: 56 }, 256],
  ['version 4', { bits: 32, compression: 'fields', header: 108 }, 256],
  ['version 5', { bits: 24, header: 124 }, 256],
];

describe('a bitmap', () => {
  it.each(shapes)('of %s decodes to the same pixels', async (_, shape, colours) => {
    const picture = indices(colours);
    const frame = await decodePicture(bmpFile(picture, width, height, shape));
    expect([frame.width, frame.height]).toEqual([width, height]);
    expect(Buffer.from(frame.data).equals(Buffer.from(expected(picture)))).toBe(true);
  });

  it.each(shapes)('of %s is refused when its end is missing', async (_, shape, colours) => {
    const file = bmpFile(indices(colours), width, height, shape);
    await expect(decodePicture(file.subarray(0, file.length - 40))).rejects.toMatchObject({
      code: 'FRS.0016',
    });
  });

  it.each<[string, BmpShape]>([
    ['RLE8', { bits: 8, compression: 'rle8' }],
    ['RLE4', { bits: 4, compression: 'rle4' }],
  ])('of %s without its end code is read, and refused without a byte of its pixels', async (_, shape) => {
    const picture = indices(shape.bits === 8 ? 256 : 16);
    const file = bmpFile(picture, width, height, shape);
    // The writer ends the last row, then the picture.
    expect([...file.subarray(-4)]).toEqual([0, 0, 0, 1]);
    for (const bytes of [2, 3, 4]) {
      const frame = await decodePicture(file.subarray(0, file.length - bytes));
      expect(Buffer.compare(frame.data, expected(picture))).toBe(0);
    }
    const noise = Buffer.concat([file.subarray(0, -2), Buffer.alloc(9, 7)]);
    expect(Buffer.compare((await decodePicture(noise)).data, expected(picture))).toBe(0);
    await expect(decodePicture(file.subarray(0, file.length - 6))).rejects.toMatchObject({
      code: 'FRS.0016',
    });
  });

  it('of RLE8 whose end is a move over rows that were never written is refused without its end code', async () => {
    const file = bmpFile(indices(256), width, height, { bits: 8, compression: 'rle8' });
    const at = file.readUInt32LE(10);
    const moved = Buffer.concat([file.subarray(0, at), Buffer.from([1, 5, 0, 2, 0, 200])]);
    await expect(decodePicture(moved)).rejects.toMatchObject({ code: 'FRS.0016' });
  });

  it('of run lengths from the top is read', async () => {
    const picture = indices(256);
    const upside = Uint8Array.from({ length: picture.length }, (_, i) => {
      const y = height - 1 - Math.floor(i / width);
      return picture[y * width + (i % width)] as number;
    });
    const file = bmpFile(upside, width, height, { bits: 8, compression: 'rle8' });
    file.writeInt32LE(-height, 22);
    expect(Buffer.compare((await decodePicture(file)).data, expected(picture))).toBe(0);
  });

  it.each(shapes)('of %s that does not say where its pixels are is read', async (_, shape, colours) => {
    const picture = indices(colours);
    const file = bmpFile(picture, width, height, shape);
    file.writeUInt32LE(0, 10);
    expect(Buffer.compare((await decodePicture(file)).data, expected(picture))).toBe(0);
  });

  it('whose runs leave the picture is refused', async () => {
    const file = bmpFile(indices(256), width, height, { bits: 8, compression: 'rle8' });
    const at = file.readUInt32LE(10);
    // A move far to the right, then a literal.
    file.set([0, 2, 255, 0, 0, 3, 1, 2, 3, 0], at);
    await expect(decodePicture(file)).rejects.toMatchObject({ code: 'FRS.0016' });
  });

  it('with an index beyond its palette is refused', async () => {
    const file = bmpFile(indices(256), width, height, { bits: 8 });
    file.writeUInt32LE(10, 46);
    await expect(decodePicture(file)).rejects.toMatchObject({ code: 'FRS.0016' });
  });

  it('that promises a huge picture in a few bytes is refused by its header', async () => {
    const file = bmpFile(indices(256), width, height, { bits: 24 });
    file.writeInt32LE(100_000, 18);
    await expect(decodePicture(file)).rejects.toMatchObject({ code: 'FRS.0013' });
  });
});
