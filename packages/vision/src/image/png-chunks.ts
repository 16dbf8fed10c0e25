import { FrsError } from '@openfrs/contract';

/** One chunk of a PNG: its length field is at `at`, its data lies in `from` to `to`, its checksum ends at `end`. */
export interface PngChunk {
  readonly type: string;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/** Does the file start as a PNG does (ISO 15948, 5.2)? */
export function isPng(view: DataView): boolean {
  return view.byteLength >= 33 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a;
}

/**
 * A PNG's chunks, from the first to IEND. A file that ends before that, in or before a chunk, may have all of its picture: whether it has
 * is seen when it is decoded.
 * @throws FrsError FRS.0016 when there is no chunk of the picture before its end
 */
export function* pngChunks(view: DataView): Generator<PngChunk, void> {
  let at = 8;
  let pictured = false;
  while (at + 12 <= view.byteLength) {
    const from = at + 8;
    const to = from + view.getUint32(at);
    const end = to + 4;
    if (end > view.byteLength) break;
    const type = String.fromCharCode(
      view.getUint8(at + 4),
      view.getUint8(at + 5),
      view.getUint8(at + 6),
      view.getUint8(at + 7),
    );
    yield { type, at, from, to, end };
    if (type === 'IEND') return;
    pictured ||= type === 'IDAT';
    at = end;
  }
  if (!pictured) throw new FrsError('FRS.0016', 'The PNG has no end.');
}

/** What IHDR says (ISO 15948, 11.2.2). */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Of one pixel. */
  readonly bits: number;
}

const channels = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);

/** @throws FrsError FRS.0016 another chunk first, or an unknown kind of colour */
export function pngFrameHeader(view: DataView): PngHeader {
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) {
    throw new FrsError('FRS.0016', 'The PNG starts with another chunk than its header.');
  }
  const samples = channels.get(view.getUint8(25));
  if (samples === undefined) throw new FrsError('FRS.0016', 'The PNG has an unknown kind of colour.');
  return { width: view.getUint32(16), height: view.getUint32(20), bits: samples * view.getUint8(24) };
}
