import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { encodeJpeg } from '@openfrs/vision/image';
import { chunk, png } from '../../../security/support/files.ts';

const u16 = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const segment = (marker: number, ...data: number[]) => [0xff, marker, ...u16(data.length + 2), ...data];

/** As large as a picture may be: every scan goes through all of its blocks. */
const [width, height] = [4096, 2160];
const blocks = (width / 8) * (height / 8);

/** Bits, most significant first, padded with ones and stuffed as entropy-coded data is. */
function packed(bits: string): number[] {
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((eight) => Number.parseInt(eight.padEnd(8, '1'), 2));
  return bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte]));
}

/** One scan without any coefficient: runs of 32,767 blocks that end at once, and one for the rest. */
function emptyScan(): Buffer {
  let bits = '';
  for (let left = blocks; left > 0; ) {
    const run = Math.min(left, 0x7fff);
    const size = Math.floor(Math.log2(run));
    bits +=
      size.toString(2).padStart(4, '0') + (size ? (run - 2 ** size).toString(2).padStart(size, '0') : '');
    left -= run;
  }
  return Buffer.from([...segment(0xda, 1, 1, 0x00, 1, 63, 0), ...packed(bits)]);
}

/**
 * A grey progressive JPEG of valid structure that says nothing in very many scans. Each makes a decoder visit all blocks of the
 * picture: some 2 ms for 30 bytes.
 */
export function manyScans(scans: number): Buffer {
  const head = Buffer.from([
    0xff,
    0xd8,
    ...segment(0xdb, 0, ...Array<number>(64).fill(1)),
    ...segment(0xc2, 8, ...u16(height), ...u16(width), 1, 1, 0x11, 0),
    // One DC code of one bit: no difference. Fifteen AC codes of four bits: the ends of block runs.
    ...segment(0xc4, 0x00, 1, ...Array<number>(15).fill(0), 0),
    ...segment(
      0xc4,
      0x10,
      ...[0, 0, 0, 15],
      ...Array<number>(12).fill(0),
      ...Array.from({ length: 15 }, (_, size) => size << 4),
    ),
    ...segment(0xda, 1, 1, 0x00, 0, 0, 0),
  ]);
  const scan = emptyScan();
  const all = Buffer.alloc(scans * scan.length);
  for (let at = 0; at < scans; at++) scan.copy(all, at * scan.length);
  return Buffer.concat([head, Buffer.alloc(blocks / 8), all, Buffer.from([0xff, 0xd9])]);
}

/** Scans so that the file has about so many bytes. */
export const scansFor = (bytes: number) => Math.floor((bytes - manyScans(0).length) / emptyScan().length);

/** A PNG whose texts, each some ten kilobytes, unfold to megabytes. */
export function manyTexts(chunks: number, unfolded: number): Buffer {
  const data = deflateSync(Buffer.alloc(unfolded, 'a'), { level: 9 });
  const text = chunk('zTXt', Buffer.concat([Buffer.from('x\0\0', 'latin1'), data]));
  return png(100, 100, Array<Buffer>(chunks).fill(text));
}

/** Noise as a JPEG: the first of growing pictures that takes so many bytes. */
export async function noise(bytes: number): Promise<Buffer> {
  for (let side = 1200; ; side += 64) {
    const data = randomBytes(side * side * 3);
    const file = Buffer.from(await encodeJpeg({ data, width: side, height: side }, 100));
    if (file.length >= bytes) return file;
  }
}
