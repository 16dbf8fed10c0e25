import { FrsError } from '@openfrs/contract';
import { bmpHeader } from './bmp-header.ts';
import { isFrameHeader, jpegFrameHeader, jpegMarkers, jpegSegments } from './jpeg-segments.ts';
import { isPng, pngChunks, pngFrameHeader } from './png-chunks.ts';

type PictureFormat = 'jpeg' | 'png' | 'bmp';

export interface PictureHeader {
  readonly format: PictureFormat;
  /** As stored, before any EXIF rotation. */
  readonly width: number;
  readonly height: number;
}

/** The contract's limits in pixels, whichever way the picture is turned: beyond them FRS.0013. */
export const pictureLimits = { longSide: 4096, shortSide: 2160, smallest: 80 } as const;

/**
 * What the bytes are and how large, from the header alone: nothing is decoded, so a few bytes that promise
 * a huge picture cost nothing.
 * @throws FrsError FRS.0016 not a JPEG, PNG or BMP, or cut short; FRS.0013 outside the limits
 */
export function readHeader(file: Uint8Array): PictureHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = jpegHeader(file) ?? pngHeader(view) ?? bmpPictureHeader(view);
  if (header === undefined) throw new FrsError('FRS.0016');
  const long = Math.max(header.width, header.height);
  const short = Math.min(header.width, header.height);
  if (short < 1) throw new FrsError('FRS.0016');
  if (long > pictureLimits.longSide || short > pictureLimits.shortSide || short < pictureLimits.smallest) {
    throw new FrsError('FRS.0013');
  }
  return header;
}

/** For a picture's file in the decoder, and what any decoding takes beside its pixels. */
const extraBytes = 8_000_000;

/**
 * Bytes of memory that decoding a picture takes at its peak, from its header: two frames (the second where it is turned, or
 * brightened later), the coefficients that a JPEG in several scans needs, and its file twice. Measured at 4096 × 2160 (growth of a
 * process's peak): baseline 37 MB, turned 64, progressive 63, without subsampling 89.
 * @throws FrsError as `readHeader`
 */
export function estimatePictureMemory(file: Uint8Array): number {
  const { format, width, height } = readHeader(file);
  const frames = 2 * 3 * width * height;
  return frames + (format === 'jpeg' ? coefficientBytes(file) : 0) + 2 * file.length + extraBytes;
}

/** Two bytes for each of a block's 64 samples: counted for every JPEG, as a baseline one may come in scans, too. */
function coefficientBytes(file: Uint8Array): number {
  for (const segment of jpegSegments(file)) {
    if (!isFrameHeader(segment.marker)) continue;
    const { components } = jpegFrameHeader(file, segment);
    return components.reduce((sum, { blocks }) => sum + blocks * 128, 0);
  }
  return 0;
}

/** Up to the frame header; whether all of the picture follows is seen when it is decoded. */
function jpegHeader(file: Uint8Array): PictureHeader | undefined {
  if (file.length < 4 || file[0] !== 0xff || file[1] !== 0xd8) return undefined;
  for (const segment of jpegSegments(file)) {
    if (isFrameHeader(segment.marker)) {
      const { width, height } = jpegFrameHeader(file, segment);
      return { format: 'jpeg', width, height };
    }
    if (segment.marker === jpegMarkers.startOfScan) break;
  }
  throw new FrsError('FRS.0016');
}

/** The header first, and every chunk whole up to the end. */
function pngHeader(view: DataView): PictureHeader | undefined {
  if (!isPng(view)) return undefined;
  const { width, height } = pngFrameHeader(view);
  for (const _ of pngChunks(view));
  return { format: 'png', width, height };
}

function bmpPictureHeader(view: DataView): PictureHeader | undefined {
  const header = bmpHeader(view);
  return header && { format: 'bmp', width: header.width, height: header.height };
}
