import { deflateSync } from 'node:zlib';
import { bmp, chunk, png, withSegment } from '../files.ts';
import { ascii, each, le16, le32, most, repeated, u16, u32, zeros } from './bytes.ts';
import type { Lie } from './lie.ts';

/** Where the first of a JPEG's segments of this kind begins. */
function segmentAt(jpeg: Buffer, marker: number): number {
  for (let at = 2; at < jpeg.length - 4; at += 2 + jpeg.readUInt16BE(at + 2))
    if (jpeg[at + 1] === marker) return at;
  throw new Error('no such segment');
}

/** A JPEG whose scan begins with these bytes. */
function inScan(jpeg: Buffer, bytes: Uint8Array): Buffer {
  const at = segmentAt(jpeg, 0xda);
  const from = at + 2 + jpeg.readUInt16BE(at + 2);
  return Buffer.concat([jpeg.subarray(0, from), bytes, jpeg.subarray(from)]);
}

/** EXIF of directories, each of which points at the next and the last at the first. */
function roundExif(directories: number): Buffer {
  const one = (index: number) => {
    const next = 8 + 18 * ((index + 1) % directories);
    return Buffer.concat([u16(1), u16(0x8769), u16(4), u32(1), u32(next), u32(next)]);
  };
  return Buffer.concat([ascii('Exif\0\0MM\0*'), u32(8), each(directories, one)]);
}

/** The same size in a header that nothing stands behind. */
const claims = {
  gif: Buffer.concat([ascii('GIF89a'), le16(65_535), le16(65_535), Buffer.from([0xf7, 0, 0]), zeros(768)]),
  webp: Buffer.concat([
    ascii('RIFF'),
    le32(most),
    ascii('WEBPVP8X'),
    le32(10),
    Buffer.from([0x12, 0, 0, 0]),
    Buffer.alloc(6, 0xff),
    zeros(500),
  ]),
  tiff: Buffer.concat([
    ascii('II*\0'),
    ...[le32(8), le16(3)],
    ...[0x100, 0x101, 0x111].map((tag) => Buffer.concat([le16(tag), le16(4), le32(1), le32(most)])),
    le32(8),
  ]),
  avif: Buffer.concat([
    u32(28),
    ascii('ftypavif'),
    u32(0),
    ascii('avifmif1miaf'),
    u32(most),
    ascii('meta'),
    zeros(500),
  ]),
  jxl: Buffer.concat([Buffer.from('ff0a', 'hex'), Buffer.alloc(200, 0xff)]),
  ico: Buffer.concat([
    le16(0),
    le16(1),
    le16(65_535),
    repeated(65_535, Buffer.concat([zeros(8), le32(most), le32(6)])),
  ]),
  psd: Buffer.concat([
    ascii('8BPS'),
    u16(1),
    zeros(6),
    u16(56),
    u32(30_000),
    u32(30_000),
    u16(32),
    u16(3),
    zeros(500),
  ]),
};

/** Pictures by what is wrong about them: what they say is larger, or other, than what they hold. */
export function lyingPictures(jpeg: Buffer): readonly Lie[] {
  const frame = segmentAt(jpeg, 0xc0);
  const scan = segmentAt(jpeg, 0xda);
  const claimed = (width: number, height: number) => {
    const header = Buffer.from(jpeg.subarray(frame, frame + 2 + jpeg.readUInt16BE(frame + 2)));
    header.writeUInt16BE(height, 5);
    header.writeUInt16BE(width, 7);
    return header;
  };
  const behind = (at: number, ...more: readonly Uint8Array[]) =>
    Buffer.concat([jpeg.subarray(0, at), ...more, jpeg.subarray(at)]);
  const restart = Buffer.from([0xff, 0xdd, 0, 4, 0, 1]);
  const restarts = Buffer.from([
    0xff, 0xd0, 0xff, 0xd1, 0xff, 0xd2, 0xff, 0xd3, 0xff, 0xd4, 0xff, 0xd5, 0xff, 0xd6, 0xff, 0xd7,
  ]);
  const deep = (width: number, height: number, type: readonly number[], data: Uint8Array) =>
    Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      chunk('IHDR', Buffer.concat([u32(width), u32(height), Buffer.from(type)])),
      chunk('IDAT', data),
      chunk('IEND', zeros(0)),
    ]);
  const empty = deflateSync(zeros(4096 * 2160 * 8 + 4320), { level: 9 });
  return [
    ['a JPEG of restart markers only', () => inScan(behind(scan, restart), repeated(400_000, restarts))],
    ['a JPEG with padding in its scan', () => inScan(jpeg, Buffer.alloc(7_000_000, 0xff))],
    ['a JPEG whose scan says nothing, for 7 MB', () => inScan(jpeg, zeros(7_000_000))],
    ['a JPEG with a second frame of 65,535 × 65,535', () => behind(scan, claimed(65_535, 65_535))],
    [
      'a JPEG with a hundred frames of the largest picture',
      () => behind(scan, repeated(100, claimed(4096, 2160))),
    ],
    ['a JPEG that restarts after each block, and never does', () => behind(scan, restart)],
    [
      'a JPEG whose height comes later',
      () =>
        Buffer.concat([
          jpeg.subarray(0, frame),
          claimed(4096, 0),
          jpeg.subarray(frame + 2 + jpeg.readUInt16BE(frame + 2)),
          Buffer.from([0xff, 0xdc, 0, 4, 0xff, 0xff]),
        ]),
    ],
    [
      'a JPEG with 25,000 tables',
      () =>
        behind(
          scan,
          repeated(
            25_000,
            Buffer.concat([Buffer.from([0xff, 0xdb]), u16(67), Buffer.from([0]), Buffer.alloc(64, 1)]),
          ),
        ),
    ],
    [
      'a JPEG with tables of nothing',
      () =>
        behind(
          scan,
          repeated(300_000, Buffer.concat([Buffer.from([0xff, 0xc4]), u16(19), Buffer.from([0]), zeros(16)])),
        ),
    ],
    ['a JPEG with EXIF of 3,000 directories in a ring', () => withSegment(jpeg, 0xe1, roundExif(3000))],
    [
      'a JPEG with a hundred such EXIFs',
      () =>
        Array.from({ length: 100 }).reduce<Buffer>((file) => withSegment(file, 0xe1, roundExif(3000)), jpeg),
    ],
    [
      'a JPEG with a profile of 255 parts, each the last',
      () =>
        Array.from({ length: 110 }, (_, at) => at).reduce<Buffer>(
          (file, at) =>
            withSegment(
              file,
              0xe2,
              Buffer.concat([ascii('ICC_PROFILE\0'), Buffer.from([255 - at, 255]), Buffer.alloc(65_000, at)]),
            ),
          jpeg,
        ),
    ],
    [
      'a JPEG of 255 components',
      () =>
        behind(
          scan,
          Buffer.concat([
            Buffer.from([0xff, 0xc0]),
            u16(8 + 3 * 255),
            Buffer.from([8]),
            u16(2160),
            u16(4096),
            Buffer.from([255]),
            repeated(255, Buffer.from([1, 0x44, 0])),
          ]),
        ),
    ],
    [
      'a JPEG of a thousand JPEGs',
      () => Buffer.concat([jpeg, repeated(Math.floor(7_000_000 / jpeg.length), jpeg)]),
    ],
    ['a PNG of 16 bits and alpha, the largest picture', () => deep(4096, 2160, [16, 6, 0, 0, 0], empty)],
    ['a PNG of as much in Adam’s seven passes', () => deep(4096, 2160, [16, 6, 0, 0, 1], empty)],
    [
      'a PNG of blocks of no bytes',
      () =>
        deep(
          100,
          100,
          [8, 2, 0, 0, 0],
          Buffer.concat([
            Buffer.from([0x78, 1]),
            repeated(1_500_000, Buffer.from([0, 0, 0, 0xff, 0xff])),
            Buffer.from([1, 0, 0, 0xff, 0xff]),
          ]),
        ),
    ],
    [
      'a PNG in pieces of no bytes',
      () =>
        Buffer.concat([
          png(100, 100).subarray(0, 33),
          repeated(600_000, chunk('IDAT', zeros(0))),
          png(100, 100).subarray(33),
        ]),
    ],
    ['a PNG with a palette for no colours', () => deep(4096, 2160, [8, 3, 0, 0, 0], empty)],
    [
      'a PNG of the largest picture with a profile of 64 MB',
      () =>
        png(4096, 2160, [
          chunk('iCCP', Buffer.concat([ascii('x\0\0'), deflateSync(zeros(64 * 1024 * 1024), { level: 9 })])),
        ]),
    ],
    [
      'a PNG with texts by the hundred thousand',
      () => png(100, 100, [repeated(300_000, chunk('tEXt', ascii('a\0b')))]),
    ],
    ['a BMP in runs of one pixel', () => bmp(4096, 2160, 8, 1, repeated(3_900_000, Buffer.from([1, 7])))],
    ['a BMP in runs of no pixels', () => bmp(4096, 2160, 8, 1, repeated(3_900_000, Buffer.from([0, 0])))],
    [
      'a BMP in runs of four bits that go on',
      () => bmp(4096, 2160, 4, 2, repeated(3_900_000, Buffer.from([255, 0x12]))),
    ],
    [
      'a BMP of run lengths upside down',
      () => bmp(4096, -2160, 8, 1, repeated(100_000, Buffer.from([255, 1]))),
    ],
    [
      'a BMP with a palette of 4 billion',
      () => {
        const file = bmp(400, 400, 8, 0, zeros(170_000));
        file.writeUInt32LE(most, 46);
        return file;
      },
    ],
    [
      'a BMP whose pixels begin at its end',
      () => {
        const file = bmp(400, 400, 24, 0, zeros(480_000));
        file.writeUInt32LE(file.length - 1, 10);
        return file;
      },
    ],
    ...Object.entries(claims).map(
      ([name, file]) => [`a ${name} that claims all there could be`, () => file] as const,
    ),
  ];
}
