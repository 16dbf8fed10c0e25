import { FrsError } from '@openfrs/contract';
import { ByteWriter } from './byte-writer.ts';
import { maxProfileBytes, withoutElementTransforms } from './colour/icc-profile.ts';
import { type MatrixProfile, matrixProfile } from './colour/matrix-profile.ts';
import { isSrgb } from './colour/to-srgb.ts';
import {
  isFrameHeader,
  type JpegFrameHeader,
  type JpegSegment,
  jpegFrameHeader,
  jpegMarkers,
  jpegSegments,
} from './jpeg-segments.ts';
import { createScanBudget } from './jpeg-work.ts';
import { exifOrientation, orientationExif } from './orientation.ts';

const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const exifName = latin('Exif\0\0');
const profileName = latin('ICC_PROFILE\0');
const jfifName = latin('JFIF\0');
const adobeName = latin('Adobe');
/** Baseline and extended, with Huffman or arithmetic codes (T.81, table B.1). */
const sequentialFrames = new Set([0xc0, 0xc1, 0xc9]);
/** Its name says what its colours are; versions, densities and thumbnails are not looked at. */
const plainJfif = segmentOf(jpegMarkers.app0, jfifName, Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0));
/** Bytes of a profile that one segment holds: 65,535 less the length, the name, the number and the count. */
const profilePartBytes = 65_519;

export interface EssentialJpeg {
  readonly file: Uint8Array;
  /** Where a matrix describes the colours, and they aren't sRGB's: the file doesn't say so any more, its pixels are to be converted. */
  readonly colours?: MatrixProfile;
}

/**
 * The JPEG that a decoder needs: without comments, thumbnails and metadata but for its colours and orientation, and without what lies
 * between its segments or behind its end. Values that decoders warn of and read past, as they can only mean one thing, are
 * put right. What remains costs time by its bytes and pixels.
 * @throws FrsError FRS.0016 with more scans than a picture needs
 */
export function essentialJpeg(file: Uint8Array): EssentialJpeg {
  const into = new ByteWriter(file.length + 64);
  const metadata = createMetadata();
  const frame = frameOf(file);
  const budget = createScanBudget(frame.header);
  let framed = false;
  let scanned = false;
  let colours: MatrixProfile | undefined;
  /** Where the data of the scan before begins, while there is one. */
  let scanFrom: number | undefined;
  into.append(file.subarray(0, 2));
  for (const segment of jpegSegments(file)) {
    const { marker, at, to } = segment;
    if (scanFrom !== undefined) into.append(file.subarray(scanFrom, at));
    scanFrom = undefined;
    if (metadata.takes(file, segment)) continue;
    if (isFrameHeader(marker)) framed = true;
    if (marker === jpegMarkers.startOfScan) {
      if (!framed) throw new FrsError('FRS.0016', 'The JPEG has a scan before its frame.');
      budget(file, segment);
      if (!scanned) {
        const profile = metadata.profile();
        const plain = frame.header.components.length === 3 && profile ? matrixProfile(profile) : undefined;
        if (plain && !isSrgb(plain)) colours = plain;
        for (const part of metadata.segments(plain ? undefined : profile)) into.append(part);
      }
      scanned = true;
      scanFrom = to;
    }
    const part = file.subarray(at, to);
    into.append(plainSegment(marker, part, frame) ?? part);
  }
  if (scanFrom !== undefined) into.append(file.subarray(scanFrom));
  return { file: into.written(), ...(colours && { colours }) };
}

interface Frame {
  readonly marker: number;
  readonly header: JpegFrameHeader;
}

/** The first frame header, which is the only one that a decoder takes. */
function frameOf(file: Uint8Array): Frame {
  for (const segment of jpegSegments(file)) {
    const { marker } = segment;
    if (isFrameHeader(marker)) return { marker, header: jpegFrameHeader(file, segment) };
  }
  throw new FrsError('FRS.0016', 'The JPEG has no frame.');
}

/** The segment with the only values that it can have, where decoders take these whatever it says; undefined: as it is. */
function plainSegment(marker: number, part: Uint8Array, frame: Frame): Uint8Array | undefined {
  if (marker === jpegMarkers.startOfScan && sequentialFrames.has(frame.marker)) {
    // All 64 coefficients, whole (T.81, B.2.3): some cameras write what progressive scans would have.
    const plain = part.slice();
    const at = 5 + 2 * (part[4] ?? 0);
    if (at + 3 <= plain.length) plain.set([0, 63, 0], at);
    return plain;
  }
  if (marker === jpegMarkers.app0 && startsWith(part.subarray(4), jfifName)) return plainJfif;
  if (marker === jpegMarkers.app14 && startsWith(part.subarray(4), adobeName) && part.length >= 16) {
    // 0: as they are, 1: YCbCr, 2: YCCK. Others are taken for one of the latter, by the number of components.
    const known = frame.header.components.length === 3 ? [0, 1] : [0, 2];
    if (known.includes(part[15] as number)) return undefined;
    const plain = part.slice();
    plain[15] = known[1] as number;
    return plain;
  }
  return undefined;
}

/** Collects what application segments say about colours and orientation. */
function createMetadata() {
  const profile = new Map<number, Uint8Array>();
  let orientation: number | undefined;
  return {
    /** Is this a segment that is left out? What counts of it is noted. */
    takes(file: Uint8Array, { marker, from, to }: JpegSegment): boolean {
      const { app0, app1, app2, app14, app15, comment } = jpegMarkers;
      if (marker === comment) return true;
      if (marker < app0 || marker > app15 || marker === app0 || marker === app14) return false;
      const data = file.subarray(from, to);
      if (marker === app1 && orientation === undefined && startsWith(data, exifName)) {
        orientation = exifOrientation(data.subarray(exifName.length));
      }
      if (marker === app2 && startsWith(data, profileName) && data.length > profileName.length + 2) {
        const number = data[profileName.length] as number;
        if (!profile.has(number)) profile.set(number, data.subarray(profileName.length + 2));
      }
      return true;
    },
    /** The colour profile, without what is too dear in it. */
    profile(): Uint8Array | undefined {
      const parts = [...profile].sort(([a], [b]) => a - b).map(([, part]) => part);
      const stored = Buffer.concat(parts);
      const isUsual = stored.length > 0 && stored.length <= maxProfileBytes;
      return isUsual ? withoutElementTransforms(stored) : undefined;
    },
    /** The same again, in as few segments and bytes as say it. */
    *segments(colours: Uint8Array = new Uint8Array(0)): Generator<Uint8Array, void> {
      if (orientation !== undefined && orientation !== 1) {
        yield segmentOf(jpegMarkers.app1, exifName, orientationExif(orientation));
      }
      const count = Math.ceil(colours.length / profilePartBytes);
      for (let index = 0; index < count; index += 1) {
        const part = colours.subarray(index * profilePartBytes, (index + 1) * profilePartBytes);
        yield segmentOf(jpegMarkers.app2, profileName, Uint8Array.of(index + 1, count), part);
      }
    },
  };
}

function startsWith(data: Uint8Array, name: Uint8Array): boolean {
  return data.length >= name.length && name.every((byte, index) => data[index] === byte);
}

function segmentOf(marker: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const data = Buffer.concat(parts);
  const length = data.length + 2;
  return Buffer.concat([Uint8Array.of(0xff, marker, length >> 8, length & 255), data]);
}
