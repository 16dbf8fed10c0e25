import { FrsError } from '@openfrs/contract';

/** Markers of a JPEG (ITU-T T.81, table B.1) that are told apart here. */
export const jpegMarkers = {
  huffmanTables: 0xc4,
  restart0: 0xd0,
  startOfScan: 0xda,
  restartInterval: 0xdd,
  endOfImage: 0xd9,
  comment: 0xfe,
  app0: 0xe0,
  app1: 0xe1,
  app2: 0xe2,
  app14: 0xee,
  app15: 0xef,
} as const;

/** One marker segment: its 0xFF is at `at`, its parameters lie in `from` to `to`. */
export interface JpegSegment {
  readonly marker: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A JPEG's segments from the first to the end of the image, found as decoders find them: whatever lies between two segments
 * (entropy-coded data, restart markers, fill bytes) is skipped. Takes time by the file's bytes alone. Without an end of the image
 * the last scan reaches to the file's end.
 * @param most bytes that may begin a segment (0xFF) are looked at no longer than this
 * @throws FrsError FRS.0016 a segment that reaches over the end
 */
export function* jpegSegments(
  file: Uint8Array,
  most = Number.POSITIVE_INFINITY,
): Generator<JpegSegment, void> {
  let looked = 0;
  for (let at = file.indexOf(0xff, 2); at >= 0 && at + 1 < file.length && looked < most; looked++) {
    const marker = file[at + 1] as number;
    if (!startsSegment(marker)) {
      at = file.indexOf(0xff, at + 1);
      continue;
    }
    if (marker === jpegMarkers.endOfImage) {
      yield { marker, at, from: at + 2, to: at + 2 };
      return;
    }
    const length = ((file[at + 2] ?? 0) << 8) | (file[at + 3] ?? 0);
    const to = at + 2 + length;
    if (length < 2 || to > file.length) throw new FrsError('FRS.0016', 'A JPEG segment has no end.');
    yield { marker, at, from: at + 4, to };
    at = file.indexOf(0xff, to);
  }
}

/** Below 0xC0 there is none, and restart markers (0xD0 to 0xD7) are part of a scan. */
function startsSegment(marker: number): boolean {
  return marker >= 0xc0 && marker !== 0xff && (marker < 0xd0 || marker > 0xd7);
}

/** A component's part of a JPEG: its blocks of 8 × 8 samples, those that pad the picture included. */
interface JpegComponent {
  readonly id: number;
  /** Sampling factors, 1 to 4. */
  readonly across: number;
  readonly down: number;
  readonly blocks: number;
}

/** What a frame header says (T.81, B.2.2). */
export interface JpegFrameHeader {
  readonly width: number;
  readonly height: number;
  readonly components: readonly JpegComponent[];
  readonly arithmetic: boolean;
}

/** Is it the marker of a frame header, of any coding process? */
export function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** @throws FrsError FRS.0016 cut short, other than one, three or four components, or sampling factors outside 1..4 */
export function jpegFrameHeader(file: Uint8Array, { marker, from, to }: JpegSegment): JpegFrameHeader {
  const count = file[from + 5] ?? 0;
  if (to - from < 6 + 3 * count) throw new FrsError('FRS.0016', 'The JPEG has a broken frame header.');
  if (count !== 1 && count !== 3 && count !== 4) {
    throw new FrsError('FRS.0016', `A JPEG of ${count} components is none of grey, colour or CMYK.`);
  }
  const height = ((file[from + 1] as number) << 8) | (file[from + 2] as number);
  const width = ((file[from + 3] as number) << 8) | (file[from + 4] as number);
  const sampled = Array.from({ length: count }, (_, index) => {
    const at = from + 6 + 3 * index;
    const factors = file[at + 1] as number;
    return { id: file[at] as number, across: factors >> 4, down: factors & 15 };
  });
  if (sampled.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) {
    throw new FrsError('FRS.0016', 'The JPEG has impossible sampling factors.');
  }
  const columns = Math.ceil(width / (8 * Math.max(...sampled.map(({ across }) => across))));
  const rows = Math.ceil(height / (8 * Math.max(...sampled.map(({ down }) => down))));
  const components = sampled.map(({ id, across, down }) => ({
    id,
    across,
    down,
    blocks: columns * across * rows * down,
  }));
  return { width, height, components, arithmetic: marker >= 0xc9 };
}
