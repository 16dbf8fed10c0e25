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
  if (Math.min(header.width, header.height) < 1) throw new FrsError('FRS.0016');
  if (!isWithinLimits(header)) throw new FrsError('FRS.0013');
  return header;
}

function isWithinLimits({ width, height }: Pick<PictureHeader, 'width' | 'height'>): boolean {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  return (
    long <= pictureLimits.longSide && short <= pictureLimits.shortSide && short >= pictureLimits.smallest
  );
}

/** For a picture's file in the decoder, and what any decoding takes beside its pixels. */
const extraBytes = 8_000_000;

/** No camera's file has more segments before its frame header; looking at all of them would be work before its turn. */
const mostSegments = 1000;

/**
 * Bytes of memory that looking at a picture takes at its peak, by its header: two frames (the second where it is turned, or brightened),
 * the coefficients that a JPEG in several scans needs, its file twice; of what is refused before decoding, the file alone. Measured at
 * 4096 × 2160 (growth of a process's peak): baseline 37 MB, turned 64, progressive 63, without subsampling 89.
 */
export function estimatePictureMemory(file: Uint8Array): number {
  return pixelBytes(file) + 2 * file.length + extraBytes;
}

function pixelBytes(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    if (isJpeg(file)) return jpegPixelBytes(file);
    return frameBytes(isPng(view) ? pngFrameHeader(view) : bmpHeader(view));
  } catch (error) {
    if (error instanceof FrsError) return 0;
    throw error;
  }
}

function frameBytes(size: { readonly width: number; readonly height: number } | undefined): number {
  return size && isWithinLimits(size) ? 2 * 3 * size.width * size.height : 0;
}

/** With two bytes for each of a block's 64 samples: of every JPEG, as a baseline one may come in scans, too. */
function jpegPixelBytes(file: Uint8Array): number {
  for (const segment of jpegSegments(file, mostSegments)) {
    if (isFrameHeader(segment.marker)) {
      const header = jpegFrameHeader(file, segment);
      const frames = frameBytes(header);
      return frames && frames + header.components.reduce((sum, { blocks }) => sum + blocks * 128, 0);
    }
    if (segment.marker === jpegMarkers.startOfScan) return 0;
  }
  // Frames and coefficients of three components at full size.
  return 4 * 3 * pictureLimits.longSide * pictureLimits.shortSide;
}

function isJpeg(file: Uint8Array): boolean {
  return file.length >= 4 && file[0] === 0xff && file[1] === 0xd8;
}

/** Up to the frame header; whether all of the picture follows is seen when it is decoded. */
function jpegHeader(file: Uint8Array): PictureHeader | undefined {
  if (!isJpeg(file)) return undefined;
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
