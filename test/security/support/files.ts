import { crc32, deflateSync } from 'node:zlib';
import { photo } from '../../support/photos.ts';

const u16 = (value: number) => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

/** One chunk of a PNG. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([u32(data.length), body, u32(crc32(body))]);
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** An 8-bit RGB picture, black unless `pixels` (compressed already) says otherwise; more chunks before its data. */
export function png(
  width: number,
  height: number,
  more: readonly Buffer[] = [],
  pixels?: Uint8Array,
): Buffer {
  const header = Buffer.concat([u32(width), u32(height), Buffer.from([8, 2, 0, 0, 0])]);
  const data = pixels ?? deflateSync(Buffer.alloc(height * (1 + 3 * width)), { level: 9 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...more,
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PNG with the animation chunks of many frames behind its picture. */
function animated(frames: number): Buffer {
  const pixels = deflateSync(Buffer.alloc(100 * 301));
  const all = [chunk('acTL', Buffer.concat([u32(frames), u32(0)]))];
  for (let at = 0; at < frames; at++) {
    const place = Buffer.concat([
      u32(2 * at),
      u32(100),
      u32(100),
      u32(0),
      u32(0),
      u16(1),
      u16(100),
      Buffer.alloc(2),
    ]);
    all.push(chunk('fcTL', place), chunk('fdAT', Buffer.concat([u32(2 * at + 1), pixels])));
  }
  return png(100, 100, all, pixels);
}

/** A JPEG with a segment put in behind its first two bytes. */
export function withSegment(jpeg: Buffer, marker: number, data: Uint8Array): Buffer {
  return Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, marker]),
    u16(data.length + 2),
    data,
    jpeg.subarray(2),
  ]);
}

/** A JPEG whose frame header claims another size. */
function claiming(jpeg: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  for (let at = 2; at < changed.length - 9; at += 2 + changed.readUInt16BE(at + 2)) {
    const marker = changed[at + 1] ?? 0;
    if (marker < 0xc0 || marker > 0xc2) continue;
    changed.writeUInt16BE(height, at + 5);
    changed.writeUInt16BE(width, at + 7);
    return changed;
  }
  throw new Error('no frame header');
}

/** A Windows bitmap of 24 bits that claims a size, whatever comes behind its header. */
export function bmp(
  width: number,
  height: number,
  bits = 24,
  compression = 0,
  pixels: Uint8Array = Buffer.alloc(100),
): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + pixels.length, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  return Buffer.concat([header, pixels]);
}

/** EXIF whose directories point at themselves and whose entries claim gigabytes. */
function evilExif(): Buffer {
  const entry = (tag: number, type: number, count: number, value: number) =>
    Buffer.concat([u16(tag), u16(type), u32(count), u32(value)]);
  const entries = [entry(0x0112, 3, 0xffffffff, 0), entry(0x8769, 4, 1, 8), entry(0x010f, 2, 0x7fffffff, 8)];
  return Buffer.concat([
    Buffer.from('Exif\0\0MM\0*', 'latin1'),
    u32(8),
    u16(entries.length),
    ...entries,
    u32(8),
  ]);
}

const icc = (data: Uint8Array) => Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), data]);

/** Files made to break who reads them. `canary` is a place that nobody may visit. */
export function bombs(canary: string): readonly (readonly [string, Buffer])[] {
  const jpeg = photo(4);
  const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
  const profile = Buffer.concat([Buffer.from('x\0\0', 'latin1'), bomb]);
  const texts: readonly (readonly [string, string])[] = [
    [
      'an SVG with an entity of a file',
      `<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><text>&x;</text></svg>`,
    ],
    [
      'an SVG with a picture from elsewhere',
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100"><image xlink:href="${canary}" width="100" height="100"/></svg>`,
    ],
    [
      'a drawing that fetches',
      `push graphic-context\nviewbox 0 0 100 100\nimage over 0,0 0,0 '${canary}'\npop graphic-context`,
    ],
    ['PostScript', '%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file 1000 string readstring pop print'],
    ['a PDF', '%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>'],
    ['HTML', '<html><script>alert(1)</script></html>'],
    ['a playlist', `#EXTM3U\n#EXTINF:1,\n${canary}\n#EXT-X-ENDLIST`],
    ['a list of files', `ffconcat version 1.0\nfile '${canary}'\nfile '/etc/passwd'`],
    [
      'a session description',
      `v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video ${new URL(canary).port} RTP/AVP 96`,
    ],
  ];
  return [
    ['a PNG of 30,000 × 30,000', png(30_000, 30_000, [], bomb)],
    ['a PNG of 2³¹ × 2³¹', png(0x7fffffff, 0x7fffffff, [], bomb)],
    ['a small PNG with 64 MB of pixels', png(100, 100, [], bomb)],
    ['a PNG that unfolds to the largest picture', png(4096, 2160)],
    ['a PNG with a profile that unfolds to 64 MB', png(100, 100, [chunk('iCCP', profile)])],
    [
      'a PNG with ten texts that unfold to 64 MB',
      png(
        100,
        100,
        Array.from({ length: 10 }, () => chunk('zTXt', profile)),
      ),
    ],
    [
      'a PNG with 100,000 empty chunks',
      png(
        100,
        100,
        Array.from({ length: 100_000 }, () => chunk('prVt', Buffer.alloc(0))),
      ),
    ],
    ['a PNG with 3,000 frames', animated(3000)],
    ['a PNG that is cut off', png(100, 100).subarray(0, 60)],
    ['a PNG with broken sums', Buffer.from(png(100, 100).map((byte, at) => (at === 30 ? byte ^ 1 : byte)))],
    ['a JPEG of 65,535 × 65,535', claiming(jpeg, 65_535, 65_535)],
    ['a JPEG that claims the largest picture', claiming(jpeg, 4096, 2160)],
    ['a JPEG of no height', claiming(jpeg, 400, 0)],
    ['a JPEG of 1 × 4096', claiming(jpeg, 1, 4096)],
    ['a JPEG with EXIF that goes round in circles', withSegment(jpeg, 0xe1, evilExif())],
    [
      'a JPEG with EXIF of noise',
      withSegment(jpeg, 0xe1, Buffer.concat([Buffer.from('Exif\0\0II*\0'), Buffer.alloc(5000, 0xfe)])),
    ],
    ['a JPEG with a profile of noise', withSegment(jpeg, 0xe2, icc(Buffer.alloc(5000, 0xa5)))],
    [
      'a JPEG with a profile that claims 4 GB',
      withSegment(jpeg, 0xe2, icc(Buffer.concat([u32(0xffffffff), Buffer.alloc(200, 1)]))),
    ],
    [
      'a JPEG with 5,000 comments',
      Buffer.concat([
        jpeg.subarray(0, 2),
        ...Array.from({ length: 5000 }, () => Buffer.from([0xff, 0xfe, 0, 2])),
        jpeg.subarray(2),
      ]),
    ],
    ['a JPEG and a ZIP', Buffer.concat([jpeg, Buffer.from('PK\x03\x04'), Buffer.alloc(1000, 0x41)])],
    ['a JPEG cut in the middle', jpeg.subarray(0, jpeg.length >> 1)],
    ['a JPEG of padding', Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(2_000_000, 0xff)])],
    ['a BMP of 2³¹ × 2³¹', bmp(0x7fffffff, 0x7fffffff)],
    ['a BMP of −2³¹ rows', bmp(100, -0x80000000)],
    ['a BMP without its pixels', bmp(4096, 2160)],
    ['a run-length BMP of nothing', bmp(4096, 2160, 8, 1, Buffer.alloc(100_000, 0xff))],
    [
      'a run-length BMP of jumps',
      bmp(
        2000,
        2000,
        8,
        1,
        Buffer.concat(Array.from({ length: 50_000 }, () => Buffer.from([0, 2, 255, 255]))),
      ),
    ],
    [
      'a GIF with 10,000 frames',
      Buffer.concat([
        Buffer.from('GIF89a\x64\0\x64\0\0\0\0', 'latin1'),
        ...Array.from({ length: 10_000 }, () =>
          Buffer.from([0x2c, 0, 0, 0, 0, 100, 0, 100, 0, 0, 2, 1, 0, 0]),
        ),
        Buffer.from(';'),
      ]),
    ],
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(1_000_000)],
    [
      'a video that claims 2⁶³ bytes',
      Buffer.concat([
        u32(24),
        Buffer.from('ftypisom\0\0\0\0isommp42'),
        u32(1),
        Buffer.from('moov'),
        u32(0x7fffffff),
        u32(0xffffffff),
        Buffer.alloc(500, 7),
      ]),
    ],
    [
      'a video of nested boxes',
      Buffer.concat([
        u32(24),
        Buffer.from('ftypisom\0\0\0\0isommp42'),
        ...Array.from({ length: 5000 }, (_, at) =>
          Buffer.concat([u32(8 * (5000 - at)), Buffer.from('moov')]),
        ),
      ]),
    ],
    ...texts.map(([name, text]) => [name, Buffer.from(text)] as const),
  ];
}
