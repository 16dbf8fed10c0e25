import { FrsError } from '@openfrs/contract';
import { ByteWriter } from './byte-writer.ts';
import { maxProfileBytes, withoutElementTransforms } from './icc-profile.ts';
import {
  isFrameHeader,
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
/** Bytes of a profile that one segment holds: 65,535 less the length, the name, the number and the count. */
const profilePartBytes = 65_519;

/**
 * The JPEG that a decoder needs: without comments, thumbnails and metadata but for its colours and orientation, and without what lies
 * behind its end. What remains costs time by its bytes and pixels.
 * @throws FrsError FRS.0016 without an end, or with more scans than a picture needs
 */
export function essentialJpeg(file: Uint8Array): Uint8Array {
  const into = new ByteWriter(file.length + 64);
  const metadata = createMetadata();
  let budget: ReturnType<typeof createScanBudget> | undefined;
  let copied = 0;
  let scanned = false;
  const copyTo = (at: number) => {
    into.append(file.subarray(copied, at));
    copied = at;
  };
  for (const segment of jpegSegments(file)) {
    const { marker, at, to } = segment;
    if (metadata.takes(file, segment)) {
      copyTo(at);
      copied = to;
    } else if (isFrameHeader(marker)) {
      budget ??= createScanBudget(jpegFrameHeader(file, segment));
    } else if (marker === jpegMarkers.startOfScan) {
      if (budget === undefined) throw new FrsError('FRS.0016', 'The JPEG has a scan before its frame.');
      budget(file, segment);
      if (!scanned) {
        copyTo(at);
        for (const part of metadata.segments()) into.append(part);
      }
      scanned = true;
    } else if (marker === jpegMarkers.endOfImage) copyTo(to);
  }
  return into.written();
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
    /** The same again, in as few segments and bytes as say it. */
    *segments(): Generator<Uint8Array, void> {
      if (orientation !== undefined && orientation !== 1) {
        yield segmentOf(jpegMarkers.app1, exifName, orientationExif(orientation));
      }
      const parts = [...profile].sort(([a], [b]) => a - b).map(([, part]) => part);
      const stored = Buffer.concat(parts);
      if (stored.length > maxProfileBytes) return;
      const colours = withoutElementTransforms(stored);
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
