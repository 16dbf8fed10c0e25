import { FrsError } from '@openfrs/contract';
import type { Frame } from '../geometry/frame.ts';
import { kernel } from '../kernel/kernel.ts';
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
  const { width, height } = header;
  const data = new Uint8Array(width * height * 3);
  if (header.compression === 'rle8' || header.compression === 'rle4') {
    const indices = runLengthIndices(file.subarray(header.pixelsAt), header);
    const paint = painter(file, header);
    for (let y = 0; y < height; y += 1) {
      paint(indices.subarray(y * width, (y + 1) * width), rowOf(data, y, width));
    }
    return { width, height, data };
  }
  const rowBytes = Math.ceil((width * header.bits) / 8);
  const stride = (rowBytes + 3) & ~3;
  // The last row's padding carries nothing; some writers leave it out.
  if (header.pixelsAt + (height - 1) * stride + rowBytes > file.length) throw new FrsError('FRS.0016');
  const readRow = rowReader(file, header);
  for (let row = 0; row < height; row += 1) {
    const y = header.topDown ? row : height - 1 - row;
    const from = header.pixelsAt + row * stride;
    readRow(file.subarray(from, from + rowBytes), rowOf(data, y, width));
  }
  return { width, height, data };
}

function rowOf(data: Uint8Array, y: number, width: number): Uint8Array {
  return data.subarray(y * width * 3, (y + 1) * width * 3);
}

/** Reads a stored row into RGB. */
type RowReader = (stored: Uint8Array, into: Uint8Array) => void;

/** Bytes that the kernel may read or write behind a row. */
const behind = 16;
const room = (size: number) => (size + behind + 15) & ~15;

function rowReader(file: Uint8Array, header: BmpHeader): RowReader {
  const { bits, width } = header;
  if (bits === 8) return painter(file, header);
  if (bits < 8) return indexedRows(file, header);
  const plain = header.masks[0] === 0xff0000 && header.masks[1] === 0xff00 && header.masks[2] === 0xff;
  if (bits !== 24 && !(bits === 32 && plain)) return fieldRows(header);
  return (stored, into) => {
    const outAt = room(stored.length);
    const { run, bytes } = kernel(outAt + room(into.length));
    bytes.set(stored);
    run.reorder(0, width, bits / 8, outAt);
    into.set(bytes.subarray(outAt, outAt + into.length));
  };
}

function indexedRows(file: Uint8Array, header: BmpHeader): RowReader {
  const paint = painter(file, header);
  return (stored, into) => {
    const outAt = room(stored.length);
    const { run, bytes } = kernel(outAt + room(header.width));
    bytes.set(stored);
    run.indices(0, header.width, header.bits, outAt);
    paint(bytes.slice(outAt, outAt + header.width), into);
  };
}

/** Paints a row of palette indices. @throws FrsError FRS.0016 an index beyond the palette, or no palette */
function painter(file: Uint8Array, header: BmpHeader): RowReader {
  const colours = palette(file, header);
  return (indices, into) => {
    const indicesAt = room(colours.length);
    const outAt = indicesAt + room(indices.length);
    const { run, bytes } = kernel(outAt + room(into.length));
    bytes.set(colours);
    bytes.set(indices, indicesAt);
    const painted = run.palette(indicesAt, indices.length, 0, colours.length / 4, outAt);
    if (painted < indices.length) throw new FrsError('FRS.0016');
    into.set(bytes.subarray(outAt, outAt + into.length));
  };
}

/** Bit fields of any width; rare enough for plain arithmetic. */
function fieldRows(header: BmpHeader): RowReader {
  const step = header.bits / 8;
  const fields = header.masks.map((mask) => {
    // The lowest set bit, and the field's largest value: scaled to 0..255 with rounding.
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, largest: mask >>> shift || 1 };
  });
  return (stored, into) => {
    for (let at = 0, source = 0; at < into.length; source += step) {
      let pixel = (stored[source] as number) | ((stored[source + 1] as number) << 8);
      if (step === 4)
        pixel |= ((stored[source + 2] as number) << 16) | ((stored[source + 3] as number) << 24);
      for (const field of fields) {
        into[at] = Math.round((((pixel & field.mask) >>> field.shift) * 255) / field.largest);
        at += 1;
      }
    }
  };
}

/** The palette's colours, four bytes each, of which the last says nothing. @throws FrsError FRS.0016 none */
function palette(file: Uint8Array, header: BmpHeader): Uint8Array {
  const { at, entries, size } = header.palette;
  if (entries < 1) throw new FrsError('FRS.0016');
  const colours = new Uint8Array(entries * 4);
  for (let entry = 0; entry < entries; entry += 1) {
    colours[entry * 4] = file[at + entry * size + 2] as number;
    colours[entry * 4 + 1] = file[at + entry * size + 1] as number;
    colours[entry * 4 + 2] = file[at + entry * size] as number;
  }
  return colours;
}
