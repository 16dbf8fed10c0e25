import { crc32, deflateSync } from 'node:zlib';

/** Pictures that are as small in bytes as they are dear to a decoder. Each is made by its structure; none is a file of somebody. */

const u16 = (value: number) => Buffer.from([(value >> 8) & 255, value & 255]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

/** The same bytes so many times. */
export function repeated(count: number, part: Uint8Array): Buffer {
  const all = Buffer.alloc(count * part.length);
  for (let index = 0; index < count; index += 1) all.set(part, index * part.length);
  return all;
}

/** A JPEG segment with its marker and length. */
export function segment(marker: number, ...parts: readonly Uint8Array[]): Buffer {
  const data = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0xff, marker]), u16(data.length + 2), data]);
}

/** A JPEG with more right behind its first two bytes. */
export const withSegments = (jpeg: Uint8Array, ...more: readonly Uint8Array[]) =>
  Buffer.concat([jpeg.subarray(0, 2), ...more, jpeg.subarray(2)]);

const startOfImage = Buffer.from([0xff, 0xd8]);
const endOfImage = Buffer.from([0xff, 0xd9]);
const quantisation = segment(0xdb, Buffer.from([0]), Buffer.alloc(64, 8));
/** A Huffman table of one code, `0`, for one symbol. */
const table = (kind: 'dc' | 'ac', symbol: number) =>
  segment(0xc4, Buffer.from([kind === 'dc' ? 0 : 0x10, 1]), Buffer.alloc(15), Buffer.from([symbol]));
const frame = (marker: number, width: number, height: number, factors: readonly number[]) =>
  segment(
    marker,
    Buffer.from([8]),
    u16(height),
    u16(width),
    Buffer.from([factors.length, ...factors.flatMap((factor, index) => [index + 1, factor, 0])]),
  );
const scan = (ids: readonly number[], first: number, last: number) =>
  segment(0xda, Buffer.from([ids.length, ...ids.flatMap((id) => [id, 0]), first, last, 0]));

/** A whole progressive scan of the first component that says nothing about any block: runs of 32,767 in 15 bits. */
function emptyScan(blocks: number): Buffer {
  const bits = `0${'1'.repeat(14)}`.repeat(Math.ceil(blocks / 32_767));
  const bytes = bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '1'), 2)) ?? [];
  return Buffer.concat([
    scan([1], 1, 63),
    Buffer.from(bytes.flatMap((byte) => (byte === 255 ? [255, 0] : [byte]))),
  ]);
}

export interface HostileJpeg {
  readonly width: number;
  readonly height: number;
  /** Scans of the first component, of next to no bytes. */
  readonly scans: number;
  readonly coding?: 'huffman' | 'arithmetic' | 'sequential';
  /** Sampling factors of each component; default: three without subsampling. */
  readonly factors?: readonly number[];
}

/** A flat JPEG whose first component is scanned again and again; sequential ones scan all of it each time. */
export function scannedJpeg(options: HostileJpeg): Buffer {
  const { width, height, scans, coding = 'huffman', factors = [0x11, 0x11, 0x11] } = options;
  const ids = factors.map((_, index) => index + 1);
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  if (coding === 'arithmetic') {
    return Buffer.concat([
      startOfImage,
      quantisation,
      frame(0xca, width, height, factors),
      ...[scan(ids, 0, 0), Buffer.alloc(1000, 5)],
      repeated(scans, Buffer.concat([scan([1], 1, 63), Buffer.alloc(30, 3)])),
      endOfImage,
    ]);
  }
  const sequential = coding === 'sequential';
  const tables = Buffer.concat([table('dc', 0), table('ac', sequential ? 0 : 0xe0)]);
  const first = sequential
    ? Buffer.concat(ids.map((id) => Buffer.concat([scan([id], 0, 63), Buffer.alloc(Math.ceil(blocks / 4))])))
    : Buffer.concat([scan(ids, 0, 0), Buffer.alloc(Math.ceil((blocks * ids.length) / 8))]);
  const again = sequential ? scan([1], 0, 63) : emptyScan(blocks);
  return Buffer.concat([
    startOfImage,
    quantisation,
    frame(sequential ? 0xc0 : 0xc2, width, height, factors),
    tables,
    first,
    repeated(scans, again),
    endOfImage,
  ]);
}

/** EXIF with so many entries, each of which claims 50 kB of the same bytes; its orientation is given. */
export function crowdedExif(entries: number, orientation: number): Buffer {
  const entry = (tag: number, type: number, count: number, value: Uint8Array) =>
    Buffer.concat([u16(tag), u16(type), u32(count), value]);
  return Buffer.concat([
    Buffer.from('MM\0*'),
    u32(8),
    u16(entries + 1),
    entry(0x0112, 3, 1, Buffer.concat([u16(orientation), u16(0)])),
    ...Array.from({ length: entries }, (_, index) => entry(0x8000 + index, 3, 25_000, u32(8))),
    u32(0),
    Buffer.alloc(Math.max(0, 51_000 - 12 * entries), 65),
  ]);
}

/** A profile of a display whose transform is so many elements, each three curves of so many segments. */
export function laboriousProfile(elements: number, segments: number): Buffer {
  const f32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(value);
    return bytes;
  };
  const typed = (name: string, ...parts: readonly Uint8Array[]) =>
    Buffer.concat([Buffer.from(name), u32(0), ...parts]);
  const xyz = (...values: readonly number[]) => typed('XYZ ', ...values.map(u32));
  const piece = typed('parf', u16(0), u16(0), ...[1, 1, 0, 0].map(f32));
  const bounds = Array.from({ length: segments - 1 }, (_, index) => f32(0.999 + (0.001 * index) / segments));
  const curve = typed('curf', u16(segments), u16(0), ...bounds, repeated(segments, piece));
  const position = Buffer.concat([u32(36), u32(curve.length)]);
  const element = typed('cvst', u16(3), u16(3), repeated(3, position), curve);
  const places = repeated(elements, Buffer.concat([u32(16 + 8 * elements), u32(element.length)]));
  const program = typed('mpet', u16(3), u16(3), u32(elements), places, element);
  const gamma = typed('curv', u32(1), u16(0x0233));
  const text = typed('mluc', u32(1), u32(12), Buffer.from('enUS'), u32(2), u32(28), Buffer.from('\0a'));
  const tags: readonly (readonly [string, Buffer])[] = [
    ...(['desc', 'cprt'] as const).map((name) => [name, text] as const),
    ['wtpt', xyz(0xf6d6, 0x10000, 0xd32d)],
    ['rXYZ', xyz(0x6fa2, 0x38f5, 0x390)],
    ['gXYZ', xyz(0x6299, 0xb785, 0x18da)],
    ['bXYZ', xyz(0x24a0, 0xf84, 0xb6cf)],
    ...(['rTRC', 'gTRC', 'bTRC'] as const).map((name) => [name, gamma] as const),
    ...(['D2B0', 'D2B1'] as const).map((name) => [name, program] as const),
  ];
  let offset = 132 + 12 * tags.length;
  const directory: Buffer[] = [];
  const bodies: Buffer[] = [];
  for (const [name, data] of tags) {
    const body = Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
    directory.push(Buffer.from(name), u32(offset), u32(data.length));
    bodies.push(body);
    offset += body.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(offset, 0);
  header.writeUInt32BE(0x04300000, 8);
  header.write('mntrRGB XYZ ', 12);
  header.write('acsp', 36);
  for (const [index, value] of [0xf6d6, 0x10000, 0xd32d].entries())
    header.writeUInt32BE(value, 68 + 4 * index);
  return Buffer.concat([header, u32(tags.length), ...directory, ...bodies]);
}

/** The segments in which a JPEG carries a profile. */
export function profileSegments(profile: Uint8Array): Buffer {
  const count = Math.ceil(profile.length / 65_000);
  return Buffer.concat(
    Array.from({ length: count }, (_, index) =>
      segment(
        0xe2,
        Buffer.from('ICC_PROFILE\0'),
        Buffer.from([index + 1, count]),
        profile.subarray(index * 65_000, (index + 1) * 65_000),
      ),
    ),
  );
}

/** One chunk of a PNG. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([u32(data.length), body, u32(crc32(body))]);
}

/** A PNG with more chunks right behind its header. */
export const withChunks = (png: Uint8Array, ...more: readonly Uint8Array[]) =>
  Buffer.concat([png.subarray(0, 33), ...more, png.subarray(33)]);

/** A PNG whose compressed picture is the given one. */
export const withPixels = (png: Uint8Array, compressed: Uint8Array) =>
  Buffer.concat([png.subarray(0, 33), chunk('IDAT', compressed), chunk('IEND', Buffer.alloc(0))]);

/** A compressed text of so many bytes that a decoder keeps (8 MB from 8 kB). */
export const unfoldingText = (bytes: number) =>
  chunk('zTXt', Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(bytes), { level: 9 })]));
