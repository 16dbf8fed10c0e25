/** Bitmaps as different writers make them, from the same picture, for tests of the decoder. */
export interface BmpShape {
  readonly bits: 1 | 2 | 4 | 8 | 16 | 24 | 32;
  readonly compression?: 'none' | 'rle4' | 'rle8' | 'fields' | 'alpha-fields';
  readonly topDown?: boolean;
  /** Size of the info header: 12 is OS/2's, 40 the usual, the others its successors. */
  readonly header?: 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124;
  readonly masks?: readonly [number, number, number];
}

/** Palette entries as RGB; entry i is also the colour that deeper formats store for index i. */
export const palette: readonly (readonly [number, number, number])[] = Array.from({ length: 256 }, (_, i) =>
  // Exact in 5 bits as well: only 0 and 255 of each channel for the first eight entries.
  i < 8 ? [i & 1 ? 255 : 0, i & 2 ? 255 : 0, i & 4 ? 255 : 0] : [i, 255 - i, (i * 7) % 256],
);

const codes = { none: 0, rle8: 1, rle4: 2, fields: 3, 'alpha-fields': 6 } as const;

/** Writes palette indices (rows from the top) as a bitmap file. */
export function bmpFile(indices: Uint8Array, width: number, height: number, shape: BmpShape): Buffer {
  const { bits, compression = 'none', topDown = false, header: size = 40 } = shape;
  const masks = shape.masks ?? (bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff]);
  const behind = size === 40 && compression.endsWith('fields') ? (compression === 'fields' ? 12 : 16) : 0;
  const colours = bits <= 8 ? 2 ** bits : 0;
  const entry = size === 12 ? 3 : 4;
  const rows = Array.from({ length: height }, (_, row) => {
    const y = topDown ? row : height - 1 - row;
    return indices.subarray(y * width, (y + 1) * width);
  });
  const body =
    compression === 'rle8' || compression === 'rle4'
      ? runLengths(rows, compression === 'rle4')
      : Buffer.concat(rows.map((row) => packed(row, bits, masks)));
  const pixelsAt = 14 + size + behind + colours * entry;
  const file = Buffer.alloc(pixelsAt + body.length);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(pixelsAt, 10);
  file.writeUInt32LE(size, 14);
  if (size === 12) {
    file.writeUInt16LE(width, 18);
    file.writeUInt16LE(height, 20);
    file.writeUInt16LE(1, 22);
    file.writeUInt16LE(bits, 24);
  } else {
    file.writeInt32LE(width, 18);
    file.writeInt32LE(topDown ? -height : height, 22);
    file.writeUInt16LE(1, 26);
    file.writeUInt16LE(bits, 28);
    if (size > 16) file.writeUInt32LE(codes[compression], 30);
    if (compression.endsWith('fields')) {
      for (const [i, mask] of masks.entries()) file.writeUInt32LE(mask, 54 + 4 * i);
    }
  }
  for (let i = 0; i < colours; i += 1) {
    const [r, g, b] = palette[i] as readonly [number, number, number];
    file.set([b, g, r], 14 + size + behind + i * entry);
  }
  body.copy(file, pixelsAt);
  return file;
}

function packed(row: Uint8Array, bits: number, masks: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil((row.length * bits) / 32) * 4);
  row.forEach((index, x) => {
    const [r, g, b] = palette[index] as readonly [number, number, number];
    if (bits <= 8) {
      const perByte = 8 / bits;
      const at = Math.floor(x / perByte);
      bytes[at] = (bytes[at] as number) | (index << (8 - bits * ((x % perByte) + 1)));
    } else if (bits === 24) {
      bytes.set([b, g, r], x * 3);
    } else {
      const pixel = [r, g, b].reduce((value, channel, i) => value + field(channel, masks[i] as number), 0);
      if (bits === 16) bytes.writeUInt16LE(pixel, x * 2);
      else bytes.writeUInt32LE(pixel, x * 4);
    }
  });
  return bytes;
}

/** 0..255 in a mask's bits. */
function field(channel: number, mask: number): number {
  const shift = 31 - Math.clz32(mask & -mask);
  const largest = mask >>> shift;
  return Math.round((channel / 255) * largest) * 2 ** shift;
}

/** Runs, literals (absolute mode) where three pixels differ, ends of rows and of the picture. */
function runLengths(rows: readonly Uint8Array[], nibbles: boolean): Buffer {
  const bytes: number[] = [];
  for (const row of rows) {
    let x = 0;
    while (x < row.length) {
      let run = 1;
      while (run < 255 && x + run < row.length && row[x + run] === row[x]) run += 1;
      const literal = row.subarray(x, Math.min(x + 5, row.length));
      if (run === 1 && literal.length === 5) {
        bytes.push(0, 5);
        if (nibbles) {
          for (let i = 0; i < 5; i += 2) bytes.push(((literal[i] as number) << 4) | (literal[i + 1] ?? 0));
        } else {
          bytes.push(...literal);
        }
        // Both take an odd number of bytes: padded to 16 bits.
        bytes.push(0);
        x += 5;
      } else {
        const index = row[x] as number;
        bytes.push(run, nibbles ? (index << 4) | index : index);
        x += run;
      }
    }
    bytes.push(0, 0);
  }
  bytes.push(0, 1);
  return Buffer.from(bytes);
}
