import { FrsError } from '@openfrs/contract';
import type { BmpHeader } from './bmp-header.ts';

/**
 * The palette indices of an RLE8 or RLE4 bitmap, rows from the top. Pixels that the runs skip are index 0.
 * ("Bitmap Compression", Microsoft: count and value; 0 0 ends a row, 0 1 the picture, 0 2 moves, 0 n is n
 * literal pixels padded to 16 bits.) Once the last row is whole, nothing more need follow: some writers leave the end's code out.
 * @throws FrsError FRS.0016 ends before the picture does, or leaves it
 */
export function runLengthIndices(stream: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height } = header;
  const nibbles = header.compression === 'rle4';
  const indices = new Uint8Array(width * height);
  let x = 0;
  /** From the bottom, as stored. */
  let row = 0;
  let at = 0;
  const next = (): number => {
    if (at >= stream.length) throw new FrsError('FRS.0016');
    return stream[at++] as number;
  };
  const put = (index: number): void => {
    if (x >= width || row >= height) throw new FrsError('FRS.0016');
    indices[(header.topDown ? row : height - 1 - row) * width + x] = index;
    x += 1;
  };
  /** Have runs, not moves, come to the end of the last row? */
  let written = false;
  const isWhole = () => written && (row >= height || (row === height - 1 && x >= width));
  for (;;) {
    if (isWhole() && at + 2 > stream.length) return indices;
    const count = next();
    const value = next();
    if (count > 0) {
      // What follows the last row is no part of the picture.
      if (isWhole() && row >= height) return indices;
      written = true;
      for (let n = 0; n < count; n += 1) {
        // Writers round the last run of a row up to the end of its padding.
        if (x >= width) break;
        put(nibbles ? (n % 2 === 0 ? value >> 4 : value & 15) : value);
      }
    } else if (value === 0) {
      x = 0;
      row += 1;
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      x += next();
      row += next();
      written = false;
    } else {
      if (isWhole() && row >= height) return indices;
      written = true;
      literals(value);
    }
  }

  function literals(count: number): void {
    const bytes = nibbles ? Math.ceil(count / 2) : count;
    const start = at;
    if (start + bytes > stream.length) throw new FrsError('FRS.0016');
    for (let n = 0; n < count; n += 1) {
      const value = stream[start + (nibbles ? n >> 1 : n)] as number;
      put(nibbles ? (n % 2 === 0 ? value >> 4 : value & 15) : value);
    }
    at = start + bytes + (bytes % 2);
  }
}
