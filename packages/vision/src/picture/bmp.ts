import { FrsError } from '@openfrs/contract';
import type { Frame } from '../frame.ts';
import { type BmpHeader, bmpHeader } from './bmp-header.ts';
import { runLengthIndices } from './bmp-rle.ts';

/**
 * Decodes a bitmap whole: 1, 2, 4, 8 (palette, RLE4, RLE8), 16, 24 and 32 bits (with any bit fields), bottom-up
 * and top-down. sharp reads no BMP; a decoder of our own goes straight to RGB, without a copy with alpha, and
 * refuses whatever is damaged. Alpha is not looked at: writers leave it 0 as often as not.
 * @throws FrsError FRS.0016 truncated or inconsistent
 */
export function decodeBmp(file: Uint8Array): Frame {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = bmpHeader(view);
  if (header === undefined) throw new FrsError('FRS.0016');
  const { width, height, bits } = header;
  const data = new Uint8Array(width * height * 3);
  if (header.compression === 'rle8' || header.compression === 'rle4') {
    const indices = runLengthIndices(file.subarray(header.pixelsAt), header);
    paint(indices, palette(file, header), data);
    return { width, height, data };
  }
  const rowBytes = Math.ceil((width * bits) / 8);
  const stride = (rowBytes + 3) & ~3;
  // The last row's padding carries nothing; some writers leave it out.
  if (header.pixelsAt + (height - 1) * stride + rowBytes > file.length) throw new FrsError('FRS.0016');
  const readRow = rowReader(file, header);
  for (let row = 0; row < height; row += 1) {
    const y = header.topDown ? row : height - 1 - row;
    readRow(header.pixelsAt + row * stride, data.subarray(y * width * 3, (y + 1) * width * 3));
  }
  return { width, height, data };
}

/** Reads the stored row at `from` into RGB. */
type RowReader = (from: number, into: Uint8Array) => void;

function rowReader(file: Uint8Array, header: BmpHeader): RowReader {
  if (header.bits <= 8) return indexedRows(file, header);
  const plain = header.masks[0] === 0xff0000 && header.masks[1] === 0xff00 && header.masks[2] === 0xff;
  if (header.bits === 24 || (header.bits === 32 && plain)) return byteRows(file, header.bits / 8);
  return fieldRows(file, header);
}

function indexedRows(file: Uint8Array, header: BmpHeader): RowReader {
  const colours = palette(file, header);
  const { bits, width } = header;
  const indices = new Uint8Array(width);
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  return (from, into) => {
    for (let x = 0; x < width; x += 1) {
      const shift = 8 - bits * ((x % perByte) + 1);
      indices[x] = ((file[from + Math.floor(x / perByte)] as number) >> shift) & mask;
    }
    paint(indices, colours, into);
  };
}

function byteRows(file: Uint8Array, step: number): RowReader {
  return (from, into) => {
    for (let at = 0, source = from; at < into.length; at += 3, source += step) {
      into[at] = file[source + 2] as number;
      into[at + 1] = file[source + 1] as number;
      into[at + 2] = file[source] as number;
    }
  };
}

function fieldRows(file: Uint8Array, header: BmpHeader): RowReader {
  const step = header.bits / 8;
  const fields = header.masks.map((mask) => {
    // The lowest set bit, and the field's largest value: scaled to 0..255 with rounding.
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, largest: mask >>> shift || 1 };
  });
  return (from, into) => {
    for (let at = 0, source = from; at < into.length; source += step) {
      let pixel = (file[source] as number) | ((file[source + 1] as number) << 8);
      if (step === 4) pixel |= ((file[source + 2] as number) << 16) | ((file[source + 3] as number) << 24);
      for (const field of fields) {
        into[at] = Math.round((((pixel & field.mask) >>> field.shift) * 255) / field.largest);
        at += 1;
      }
    }
  };
}

/** The palette as RGB triples. @throws FrsError FRS.0016 none */
function palette(file: Uint8Array, header: BmpHeader): Uint8Array {
  const { at, entries, size } = header.palette;
  if (entries < 1) throw new FrsError('FRS.0016');
  const colours = new Uint8Array(entries * 3);
  for (let entry = 0; entry < entries; entry += 1) {
    colours[entry * 3] = file[at + entry * size + 2] as number;
    colours[entry * 3 + 1] = file[at + entry * size + 1] as number;
    colours[entry * 3 + 2] = file[at + entry * size] as number;
  }
  return colours;
}

/** @throws FrsError FRS.0016 an index beyond the palette */
function paint(indices: Uint8Array, colours: Uint8Array, into: Uint8Array): void {
  for (let pixel = 0; pixel < indices.length; pixel += 1) {
    const colour = (indices[pixel] as number) * 3;
    if (colour >= colours.length) throw new FrsError('FRS.0016');
    into[pixel * 3] = colours[colour] as number;
    into[pixel * 3 + 1] = colours[colour + 1] as number;
    into[pixel * 3 + 2] = colours[colour + 2] as number;
  }
}
