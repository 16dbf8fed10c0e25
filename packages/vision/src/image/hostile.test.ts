import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  chunk,
  crowdedExif,
  laboriousProfile,
  profileSegments,
  repeated,
  scannedJpeg,
  segment,
  unfoldingText,
  withChunks,
  withPixels,
  withSegments,
} from '../../test/hostile-pictures.ts';
import { decodePicture } from './decode.ts';
import { essentialJpeg } from './essential-jpeg.ts';
import { essentialPng } from './essential-png.ts';
import { jpegLimits } from './jpeg-work.ts';
import { sharp } from './native-sharp.ts';
import { pngChunks } from './png-chunks.ts';

const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#88aa44' } });
const [width, height] = [4096, 2160];
const fits = (file: Promise<Uint8Array> | Uint8Array) => Promise.resolve(file).then(decodePicture);
const typesOf = (png: Uint8Array) =>
  [...pngChunks(new DataView(png.buffer, png.byteOffset, png.byteLength))].map(({ type }) => type);

/** Milliseconds of processor time of the whole process, decoders' threads included. */
async function cost(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('the largest pictures of honest encoders pass', () => {
  it.each([
    ['baseline', () => flat(width, height).jpeg().toBuffer()],
    ['progressive', () => flat(width, height).jpeg({ progressive: true }).toBuffer()],
    ['mozjpeg', () => flat(width, height).jpeg({ mozjpeg: true }).toBuffer()],
    [
      'progressive CMYK without subsampling, four components six times each',
      () => scannedJpeg({ width, height, scans: 20, factors: [0x11, 0x11, 0x11, 0x11] }),
    ],
    [
      'an arithmetic one of seven scans',
      () => scannedJpeg({ width, height, scans: 6, coding: 'arithmetic' }),
    ],
    ['an interlaced PNG', () => flat(width, height).png({ progressive: true }).toBuffer()],
  ])('%s', async (_, make) => {
    expect(await fits(make())).toMatchObject({ width, height });
  });

  it('and so does a small one of 400 scans', async () => {
    const file = scannedJpeg({ width: 100, height: 100, scans: 400 });
    expect(await fits(file)).toMatchObject({ width: 100, height: 100 });
  });
});

describe('a JPEG whose scans cost more than its bytes', () => {
  const reason = /more scans than any picture needs/;

  it.each([
    ['progressive', { width, height, scans: 5000 }],
    ['progressive, a hundred', { width, height, scans: 100 }],
    ['sequential', { width, height, scans: 5000, coding: 'sequential' as const }],
    ['arithmetic', { width, height, scans: 50, coding: 'arithmetic' as const }],
    ['of unequal components', { width, height, scans: 200, factors: [0x44, 0x11, 0x11] }],
    ['small, with more scans than anything has', { width: 100, height: 100, scans: 100_000 }],
  ])('%s: FRS.0016, and nothing is decoded', async (_, options) => {
    const file = scannedJpeg(options);
    const spent = await cost(() =>
      expect(decodePicture(file)).rejects.toMatchObject({
        code: 'FRS.0016',
        message: expect.stringMatching(reason),
      }),
    );
    // Decoding the first of them takes over 8,000.
    expect(spent).toBeLessThan(1500);
  });

  it('counts what decoders scan: markers in data, in comments and behind the end are none', async () => {
    const file = scannedJpeg({ width: 400, height: 400, scans: 2 });
    const scan = segment(0xda, Buffer.from([1, 1, 0, 1, 63, 0]));
    const scans = repeated(1000, scan);
    const commented = withSegments(file, segment(0xfe, scans));
    expect(await fits(Buffer.concat([commented, scans]))).toMatchObject({ width: 400, height: 400 });
  });

  it('costs at most a few times a plain one where it is let through', async () => {
    const plain = await flat(width, height).jpeg({ progressive: true }).toBuffer();
    await decodePicture(plain);
    const usual = await cost(() => decodePicture(plain));
    const { passes } = jpegLimits;
    // All that fits: three components, of which the first is scanned on.
    const dearest = scannedJpeg({ width, height, scans: 3 * (passes - 1) });
    expect(await cost(() => decodePicture(dearest))).toBeLessThan(12 * usual + 200);
  });
});

describe('a JPEG’s frame', () => {
  it.each([
    ['two components', [0x11, 0x11]],
    ['five components', [0x11, 0x11, 0x11, 0x11, 0x11]],
    ['no sampling', [0, 0x11, 0x11]],
    ['sampling by seven', [0x77, 0x11, 0x11]],
  ])('of %s: FRS.0016', async (_, factors) => {
    const file = scannedJpeg({ width: 200, height: 200, scans: 1, factors });
    await expect(decodePicture(file)).rejects.toMatchObject({ code: 'FRS.0016' });
  });
});

describe('what a picture carries beside its pixels', () => {
  it('of a JPEG, orientation and colours reach the decoder, and no other metadata', async () => {
    const jpeg = await flat(200, 100).withIccProfile('p3').jpeg().toBuffer();
    const more = [
      segment(0xe1, Buffer.from('Exif\0\0'), crowdedExif(1000, 6)),
      segment(0xe1, Buffer.from('Exif\0\0'), crowdedExif(10, 3)),
      repeated(100, segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0'), Buffer.alloc(60_000, 65))),
      repeated(1000, segment(0xe2, Buffer.from('MPF\0'), Buffer.alloc(100))),
      repeated(1000, segment(0xfe, Buffer.from('a comment'))),
    ];
    const file = Buffer.concat([withSegments(jpeg, ...more), jpeg, Buffer.alloc(1000, 7)]);
    expect(essentialJpeg(file).file.length).toBeLessThan(jpeg.length + 100);
    const [seen, plain] = [await decodePicture(file), await decodePicture(jpeg)];
    expect([seen.width, seen.height]).toEqual([100, 200]);
    expect([...seen.data.subarray(0, 3)]).toEqual([...plain.data.subarray(0, 3)]);
    const uncoloured = await decodePicture(await flat(200, 100).jpeg().toBuffer());
    expect([...plain.data.subarray(0, 3)]).not.toEqual([...uncoloured.data.subarray(0, 3)]);
  });

  it('of a PNG, no text, frame or private chunk does', async () => {
    const png = await flat(200, 100).withMetadata({ orientation: 6 }).withIccProfile('p3').png().toBuffer();
    const text = unfoldingText(7_900_000);
    const file = withChunks(
      png,
      repeated(150, text),
      repeated(10_000, chunk('tEXt', Buffer.from('a\0b'))),
      repeated(10_000, chunk('prVt', Buffer.alloc(0))),
      chunk('eXIf', crowdedExif(10, 6)),
    );
    expect(new Set(typesOf(essentialPng(file)))).toEqual(new Set(['IHDR', 'iCCP', 'eXIf', 'IDAT', 'IEND']));
    const plain = await decodePicture(png);
    const seen = await decodePicture(file);
    expect([seen.width, seen.height]).toEqual([100, 200]);
    expect(Buffer.compare(seen.data, plain.data)).toBe(0);
  });

  it('transforms by programs are left out of its profile, which tells its colours otherwise', async () => {
    const jpeg = await flat(2000, 2000).jpeg().toBuffer();
    const usual = await cost(() =>
      decodePicture(withSegments(jpeg, profileSegments(laboriousProfile(1, 2)))),
    );
    const profile = laboriousProfile(30, 1000);
    const file = withSegments(jpeg, profileSegments(profile));
    expect(Buffer.from(essentialJpeg(file).file).includes('D2B')).toBe(false);
    // 17,000 ms with them.
    expect(await cost(() => decodePicture(file))).toBeLessThan(10 * usual + 500);
    const png = withChunks(
      await flat(2000, 2000).png().toBuffer(),
      chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(profile)])),
    );
    expect(await cost(() => decodePicture(png))).toBeLessThan(10 * usual + 500);
    const [a, b] = [await decodePicture(file), await decodePicture(png)];
    for (const at of [0, 1, 2]) expect(Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 255))).toBeLessThan(3);
  });

  it('a profile that unfolds to more than any has is left out', async () => {
    const png = await flat(200, 100).png().toBuffer();
    const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
    const file = withChunks(png, chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), bomb])));
    expect(typesOf(essentialPng(file))).not.toContain('iCCP');
    expect(await decodePicture(file)).toMatchObject({ width: 200, height: 100 });
  });
});

describe('a PNG’s data', () => {
  it('far beyond what its pixels are: FRS.0016', async () => {
    const png = await flat(100, 100).png().toBuffer();
    const bomb = deflateSync(Buffer.alloc(1 << 28), { level: 9 });
    await expect(decodePicture(withPixels(png, bomb))).rejects.toMatchObject({
      code: 'FRS.0016',
      message: expect.stringMatching(/more data than its pixels/),
    });
  });

  it('in one chunk a byte is read all the same', async () => {
    const png = await flat(100, 100).png({ compressionLevel: 0 }).toBuffer();
    const data = deflateSync(Buffer.alloc(100 * 301), { level: 0 });
    const pieces = Buffer.concat([...data].map((byte) => chunk('IDAT', Buffer.from([byte]))));
    const file = Buffer.concat([png.subarray(0, 33), pieces, chunk('IEND', Buffer.alloc(0))]);
    expect(await decodePicture(file)).toMatchObject({ width: 100, height: 100 });
  });
});
