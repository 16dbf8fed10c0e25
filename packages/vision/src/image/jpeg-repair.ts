import { ByteWriter } from './byte-writer.ts';
import { createEntropyReader, type EntropyReader, type HuffmanTable, huffmanTable } from './jpeg-entropy.ts';
import {
  isFrameHeader,
  type JpegFrameHeader,
  type JpegSegment,
  jpegFrameHeader,
  jpegMarkers,
  jpegSegments,
} from './jpeg-segments.ts';
import { createScanWalk, type JpegScan } from './jpeg-walk.ts';

/** Frame headers of the coding processes that are walked through: baseline, extended and progressive, with Huffman codes. */
const walkable = new Set([0xc0, 0xc1, 0xc2]);

/**
 * The same picture without what decoders warn of although nothing of it is missing: bytes before a restart marker or behind a scan,
 * restart markers that are numbered wrongly, no end of the image. Every block is walked through, so that what is left
 * out is known not to be part of the picture.
 * @param file as `essentialJpeg` gives it: its scans are known to be affordable
 * @returns undefined where a part is missing or damaged, or the coding process is another
 */
export function repairedJpeg(file: Uint8Array): Uint8Array | undefined {
  try {
    return repaired(file);
  } catch {
    return undefined;
  }
}

function repaired(file: Uint8Array): Uint8Array | undefined {
  // Each scan may gain the restart markers that it is given anew, of which none is longer than the one it had.
  const into = new ByteWriter(file.length + 2);
  const tables = new Map<number, HuffmanTable>();
  let restartInterval = 0;
  let walk: ReturnType<typeof createScanWalk> | undefined;
  into.append(file.subarray(0, 2));
  for (const segment of jpegSegments(file)) {
    const { marker, at, from, to } = segment;
    if (marker === jpegMarkers.endOfImage) break;
    into.append(file.subarray(at, to));
    if (isFrameHeader(marker)) {
      if (walk !== undefined || !walkable.has(marker)) return undefined;
      walk = createScanWalk(jpegFrameHeader(file, segment), marker === 0xc2);
    } else if (marker === jpegMarkers.huffmanTables) readTables(file.subarray(from, to), tables);
    else if (marker === jpegMarkers.restartInterval) restartInterval = u16(file, from);
    else if (marker === jpegMarkers.startOfScan) {
      if (walk === undefined) return undefined;
      const scan = scanHeader(file, segment, tables, walk.frame);
      const reader = createEntropyReader(file, to);
      const { decodeUnit, units } = walk.begin(scan, reader);
      copyScan(file, into, reader, units, restartInterval, decodeUnit);
    }
  }
  if (walk === undefined || !walk.isComplete()) return undefined;
  into.append(Uint8Array.of(0xff, jpegMarkers.endOfImage));
  return into.written();
}

/** Copies the bytes that the scan's units are in, and nothing between two restart intervals but a marker of the right number. */
function copyScan(
  file: Uint8Array,
  into: ByteWriter,
  reader: EntropyReader,
  units: number,
  restartInterval: number,
  decodeUnit: (unit: number, restarted: boolean) => void,
): void {
  const interval = restartInterval || units;
  for (let unit = 0; unit < units; unit += interval) {
    if (unit > 0) {
      reader.toRestart();
      into.append(Uint8Array.of(0xff, jpegMarkers.restart0 + ((unit / interval - 1) & 7)));
    }
    const start = reader.at;
    const end = Math.min(units, unit + interval);
    for (let each = unit; each < end; each += 1) decodeUnit(each, each === unit);
    into.append(file.subarray(start, reader.at));
  }
}

function u16(file: Uint8Array, at: number): number {
  return ((file[at] as number) << 8) | (file[at + 1] as number);
}

function readTables(data: Uint8Array, tables: Map<number, HuffmanTable>): void {
  for (let at = 0; at + 17 <= data.length; ) {
    const key = data[at] as number;
    const counts = data.subarray(at + 1, at + 17);
    const size = counts.reduce((sum, count) => sum + count, 0);
    tables.set(key, huffmanTable(counts, data.subarray(at + 17, at + 17 + size)));
    at += 17 + size;
  }
}

/** @throws Error where it names a component or a table that is not there */
function scanHeader(
  file: Uint8Array,
  { from }: JpegSegment,
  tables: ReadonlyMap<number, HuffmanTable>,
  frame: JpegFrameHeader,
): JpegScan {
  const count = file[from] as number;
  const components = Array.from({ length: count }, (_, index) => {
    const [id, selected] = [file[from + 1 + 2 * index] as number, file[from + 2 + 2 * index] as number];
    const component = frame.components.findIndex((each) => each.id === id);
    if (component < 0) throw new Error('The scan has an unknown component.');
    return { component, dc: tables.get(selected >> 4), ac: tables.get(0x10 | (selected & 15)) };
  });
  const at = from + 1 + 2 * count;
  const approximation = file[at + 2] as number;
  return {
    components,
    first: file[at] as number,
    last: file[at + 1] as number,
    high: approximation >> 4,
    low: approximation & 15,
  };
}
