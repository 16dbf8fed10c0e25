import { FrsError } from '@openfrs/contract';
import { bmpHeader } from './bmp-header.ts';

export type PictureFormat = 'jpeg' | 'png' | 'bmp';

export interface PictureHeader {
  readonly format: PictureFormat;
  /** As stored, before any EXIF rotation. */
  readonly width: number;
  readonly height: number;
}

/** The contract's limits in pixels (decisions.md, "Sizes"): beyond them FRS.0013. */
export const pictureLimits = { longSide: 4096, shortSide: 2160, smallest: 80 } as const;

/**
 * What the bytes are and how large, from the header alone: nothing is decoded, so a few bytes that promise
 * a huge picture cost nothing.
 * @throws FrsError FRS.0016 not a JPEG, PNG or BMP, or cut short; FRS.0013 outside the limits
 */
export function readHeader(file: Uint8Array): PictureHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = jpegHeader(view) ?? pngHeader(view) ?? bmpPictureHeader(view);
  if (header === undefined) throw new FrsError('FRS.0016');
  const long = Math.max(header.width, header.height);
  const short = Math.min(header.width, header.height);
  if (short < 1) throw new FrsError('FRS.0016');
  if (long > pictureLimits.longSide || short > pictureLimits.shortSide || short < pictureLimits.smallest) {
    throw new FrsError('FRS.0013');
  }
  return header;
}

/**
 * ITU-T T.81 annex B: segments up to the first frame header. The picture must also end: an end-of-image
 * marker after it, which decoders forgive when missing.
 */
function jpegHeader(view: DataView): PictureHeader | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) throw new FrsError('FRS.0016');
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (length < 2) throw new FrsError('FRS.0016');
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      if (!endsWithMarker(view, at + length)) throw new FrsError('FRS.0016');
      return { format: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    // Entropy-coded data or the end before any frame header.
    if (marker === 0xda || marker === 0xd9) throw new FrsError('FRS.0016');
    at += 2 + length;
  }
  throw new FrsError('FRS.0016');
}

/** Is there an end-of-image marker after `from`? Searched backwards: it is the last thing but for trailers. */
function endsWithMarker(view: DataView, from: number): boolean {
  for (let at = view.byteLength - 2; at > from; at -= 1) {
    if (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xd9) return true;
  }
  return false;
}

/** PNG (ISO 15948): IHDR first, and every chunk whole up to IEND. */
function pngHeader(view: DataView): PictureHeader | undefined {
  if (view.byteLength < 33 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) {
    return undefined;
  }
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) throw new FrsError('FRS.0016');
  let at = 8;
  while (at + 12 <= view.byteLength) {
    const end = at + 12 + view.getUint32(at);
    if (end > view.byteLength) break;
    if (view.getUint32(at + 4) === 0x49454e44) {
      return { format: 'png', width: view.getUint32(16), height: view.getUint32(20) };
    }
    at = end;
  }
  throw new FrsError('FRS.0016');
}

function bmpPictureHeader(view: DataView): PictureHeader | undefined {
  const header = bmpHeader(view);
  return header && { format: 'bmp', width: header.width, height: header.height };
}
