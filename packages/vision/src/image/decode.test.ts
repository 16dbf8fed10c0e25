import { describe, expect, it } from 'vitest';
import type { Frame } from '../geometry/frame.ts';
import { decodePicture } from './decode.ts';
import { sharp } from './native-sharp.ts';

const width = 160;
const height = 120;

/** Four flat quarters: red, green, blue, grey. Flat areas survive JPEG. */
const quarters = Buffer.alloc(width * height * 3);
for (let y = 0; y < height; y += 1) {
  for (let x = 0; x < width; x += 1) {
    const right = x >= width / 2;
    const below = y >= height / 2;
    const colour = below ? (right ? [128, 128, 128] : [0, 0, 255]) : right ? [0, 255, 0] : [255, 0, 0];
    quarters.set(colour, (y * width + x) * 3);
  }
}
const picture = () => sharp(quarters, { raw: { width, height, channels: 3 } });

function colours(frame: Frame): string {
  const name = (x: number, y: number) => {
    const at = (Math.floor(y * frame.height) * frame.width + Math.floor(x * frame.width)) * 3;
    const [r = 0, g = 0, b = 0] = frame.data.subarray(at, at + 3);
    if (r > 150 && g < 90 && b < 90) return 'red';
    if (g > 150 && r < 90 && b < 120) return 'green';
    if (b > 130 && r < 90 && g < 90) return 'blue';
    return Math.abs(r - 128) < 25 && Math.abs(g - 128) < 25 && Math.abs(b - 128) < 25
      ? 'grey'
      : `${r},${g},${b}`;
  };
  return [name(0.25, 0.25), name(0.75, 0.25), name(0.25, 0.75), name(0.75, 0.75)].join(' ');
}

describe('a picture', () => {
  it.each([
    ['baseline JPEG', () => picture().jpeg().toBuffer()],
    ['progressive JPEG', () => picture().jpeg({ progressive: true }).toBuffer()],
    ['JPEG without chroma subsampling', () => picture().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
    ['PNG', () => picture().png().toBuffer()],
    ['interlaced PNG', () => picture().png({ progressive: true }).toBuffer()],
    ['palette PNG', () => picture().png({ palette: true, colours: 16 }).toBuffer()],
    ['4-colour PNG', () => picture().png({ palette: true, colours: 4 }).toBuffer()],
    ['16-bit PNG', () => picture().toColourspace('rgb16').png().toBuffer()],
    ['PNG with alpha', () => picture().ensureAlpha(1).png().toBuffer()],
    ['16-bit PNG with alpha', () => picture().ensureAlpha(1).toColourspace('rgb16').png().toBuffer()],
  ])('%s keeps its colours', async (_, make) => {
    const frame = await decodePicture(await make());
    expect([frame.width, frame.height, frame.data.length]).toEqual([width, height, width * height * 3]);
    expect(colours(frame)).toBe('red green blue grey');
  });

  it('CMYK JPEG keeps the colours that ink can show', async () => {
    const frame = await decodePicture(await picture().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer());
    expect(frame.data.length).toBe(width * height * 3);
    expect(colours(frame)).toMatch(/^red .* blue grey$/);
  });

  it.each([
    ['grey JPEG', () => picture().greyscale().jpeg().toBuffer()],
    ['grey PNG', () => picture().greyscale().toColourspace('b-w').png().toBuffer()],
    ['16-bit grey PNG', () => picture().greyscale().toColourspace('grey16').png().toBuffer()],
    ['1-bit PNG', () => picture().greyscale().threshold(100).png({ palette: true, colours: 2 }).toBuffer()],
  ])('%s becomes three equal channels', async (_, make) => {
    const frame = await decodePicture(await make());
    expect(frame.data.length).toBe(width * height * 3);
    const [r, g, b] = frame.data.subarray(0, 3);
    expect(r).toBe(g);
    expect(g).toBe(b);
  });

  it('shows white where it is transparent', async () => {
    const frame = await decodePicture(await picture().ensureAlpha(0).png().toBuffer());
    expect([...frame.data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it.each([
    [1, 'red green blue grey'],
    [2, 'green red grey blue'],
    [3, 'grey blue green red'],
    [4, 'blue grey red green'],
    [5, 'red blue green grey'],
    [6, 'blue red grey green'],
    [7, 'grey green blue red'],
    [8, 'green grey red blue'],
  ])('with EXIF orientation %i is turned upright', async (orientation, seen) => {
    const file = await picture().withMetadata({ orientation }).jpeg().toBuffer();
    const frame = await decodePicture(file);
    expect([frame.width, frame.height]).toEqual(orientation < 5 ? [width, height] : [height, width]);
    expect(colours(frame)).toBe(seen);
  });
});

describe('a file that is refused', () => {
  it.each([
    ['nothing', async () => Buffer.alloc(0)],
    ['one byte', async () => Buffer.from([0xff])],
    ['text', async () => Buffer.from('not a picture, whatever its name says'.repeat(20))],
    ['GIF', () => picture().gif().toBuffer()],
    ['WebP', () => picture().webp().toBuffer()],
    ['TIFF', () => picture().tiff().toBuffer()],
    ['SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"/>')],
    ['a JPEG header alone', async () => (await picture().jpeg().toBuffer()).subarray(0, 30)],
    ['a JPEG cut in half', async () => half(await picture().jpeg().toBuffer())],
    ['a JPEG without its last bytes', async () => (await picture().jpeg().toBuffer()).subarray(0, -4)],
    [
      'a progressive JPEG cut in half',
      async () => half(await picture().jpeg({ progressive: true }).toBuffer()),
    ],
    ['a PNG cut in half', async () => half(await noise().png().toBuffer())],
    ['a PNG without its last bytes', async () => (await picture().png().toBuffer()).subarray(0, -14)],
    ['a PNG with a changed byte', async () => damaged(await noise().png().toBuffer())],
  ])('%s: FRS.0016', async (_, make) => {
    await expect(decodePicture(await make())).rejects.toMatchObject({ code: 'FRS.0016' });
  });

  it.each([
    ['too small', 79, 200],
    ['too long', 4097, 100],
    ['too large both ways', 2161, 2161],
  ])('%s: FRS.0013', async (_, w, h) => {
    for (const format of ['jpeg', 'png'] as const) {
      const file = await sharp({ create: { width: w, height: h, channels: 3, background: '#888' } })
        .toFormat(format)
        .toBuffer();
      await expect(decodePicture(file)).rejects.toMatchObject({ code: 'FRS.0013' });
    }
  });

  it('is let through at the limits, either way round', async () => {
    for (const [w, h] of [
      [4096, 2160],
      [2160, 4096],
      [80, 80],
    ] as const) {
      const create = { width: w, height: h, channels: 3 as const, background: '#888' };
      const frame = await decodePicture(await sharp({ create }).png().toBuffer());
      expect([frame.width, frame.height]).toEqual([w, h]);
    }
  });

  it('promises a huge picture: its header alone decides', async () => {
    const file = await picture().png().toBuffer();
    file.writeUInt32BE(60_000, 16);
    file.writeUInt32BE(60_000, 20);
    await expect(decodePicture(file)).rejects.toMatchObject({ code: 'FRS.0013' });
  });
});

function noise() {
  const data = Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => (i * 7919 * (i % 13)) % 256));
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function half(file: Buffer): Buffer {
  return file.subarray(0, file.length / 2);
}

function damaged(file: Buffer): Buffer {
  const at = Math.floor(file.length * 0.6);
  file[at] = (file[at] as number) ^ 0x55;
  return file;
}
