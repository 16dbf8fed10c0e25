import { type FileHandle, open } from 'node:fs/promises';
import { readFilter } from '@openfrs/contract';
import {
  type ByteRange,
  createIndex,
  encodeSegment,
  openSegment,
  readSegmentPlan,
  type Segment,
  type SegmentPart,
  type SegmentPlan,
  segmentHeaderBytes,
  type VectorReader,
} from '@openfrs/search';
import { time } from '../service/timing.ts';
import { median } from '../statistics/quantile.ts';
import { faceSource, segmentFile, segmentRows, segmentsOf, spec } from './segment-files.ts';

/* A process that holds a large index; run by capacity.ts. */

export interface Task {
  readonly folder: string;
  readonly faces: number;
  readonly photos: string;
}

export interface Measured {
  readonly rows: number;
  readonly bytesOfCodes: number;
  readonly memory: readonly { readonly when: string; readonly bytes: number }[];
  readonly coldMs: number;
  readonly readMs: number;
  readonly warm: readonly { readonly topN: number; readonly medianMs: number; readonly leastMs: number }[];
  readonly filtered: readonly { readonly what: string; readonly medianMs: number }[];
  readonly addMs: number;
  readonly compactMs: number;
}

/** As a socket brings them. */
const pieceBytes = 65_536;
const filters = {
  '1 %': 'badge:[7000000000 TO {1}]',
  '10 %': 'badge:[7000000000 TO {10}]',
  'all ages under 72': 'age:[* TO 72}',
};

async function measure({ folder, faces, photos }: Task): Promise<Measured> {
  const source = await faceSource(photos);
  const files: FileHandle[] = [];
  const plans: SegmentPlan[] = [];
  for (let segment = 0; segment < segmentsOf(faces); segment += 1) {
    const file = await open(segmentFile(folder, segment));
    const head = Buffer.alloc(segmentHeaderBytes);
    await file.read(head, 0, head.length, 0);
    files.push(file);
    plans.push(readSegmentPlan(head));
  }
  const read: VectorReader = (numbers) =>
    Promise.all(numbers.map((number) => vectorOf(files, plans, number)));
  const queries = source.queries(40);
  const index = createIndex(spec);
  const memory: { when: string; bytes: number }[] = [];
  gc?.();
  const before = process.memoryUsage().rss;
  const note = async (when: string) => {
    for (let round = 0; round < 3; round += 1) {
      gc?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    memory.push({ when, bytes: process.memoryUsage().rss - before });
  };
  const search = (query: number, more: object = {}) => {
    const vector = queries[query % queries.length] as Float32Array;
    return index.search({ vector, topN: 10, minCosine: -1, read, ...more });
  };
  const segments = plans.map((plan) => openSegment(plan, faces));
  const load = (part: SegmentPart, take: (at: number) => Segment | undefined) =>
    eachAtOnce(4, files.length, async (at) => {
      const range = plans[at]!.parts[part];
      const segment = take(at);
      await readPieces(files[at]!, range, segment);
      await segment?.finishInSlices(part);
      return segment;
    });
  const readMs = await time(() => load('codes', () => undefined));
  const coldMs = await time(async () => {
    await load('codes', (at) => segments[at]);
    for (const segment of segments) index.attach(segment);
    await search(0);
  });
  await load('columns', (at) => segments[at]);
  await note('codes and columns');
  const warm = [];
  for (const topN of [10, 1000]) {
    const times: number[] = [];
    for (let query = 0; query < 40; query += 1) times.push(await time(() => search(query, { topN })));
    const settled = times.slice(10);
    warm.push({ topN, medianMs: median(settled), leastMs: Math.min(...settled) });
  }
  const filtered = [];
  for (const [what, text] of Object.entries(filters)) {
    const bounded = text.replace(/\{(\d+)\}/, (_, percent) =>
      String(7_000_000_000 + Math.floor((faces * Number(percent)) / 100)),
    );
    const filter = readFilter(bounded, spec.fields);
    const times: number[] = [];
    for (let query = 0; query < 10; query += 1) times.push(await time(() => search(query, { filter })));
    filtered.push({ what, medianMs: median(times) });
  }
  await note('after searches and filters');
  const grown = source.facesOf(files.length, segmentRows);
  const [one, ...others] = grown;
  const addMs = await time(async () => {
    index.append([one!]);
    const [hit] = await index.search({ vector: one!.vector, topN: 1, minCosine: -1, read });
    if (hit?.number !== one!.number) throw new Error('An added face was not found');
  });
  for (let at = 0; at < others.length; at += 64) index.append(others.slice(at, at + 64));
  await note(`with ${segmentRows.toLocaleString('en')} faces more in the tail`);
  const encoded = encodeSegment(spec, grown);
  const compactMs = await time(async () => {
    const segment = openSegment(readSegmentPlan(encoded), faces);
    segment.write(0, encoded);
    await segment.finishInSlices('codes');
    await segment.finishInSlices('columns');
    index.attach(segment);
  });
  if (index.tailSize !== 0) throw new Error('Faces stayed in the tail');
  const rows = plans.reduce((sum, plan) => sum + plan.rows, 0);
  const told = {
    rows,
    bytesOfCodes: rows * spec.dimension,
    memory,
    coldMs,
    readMs,
    warm,
    filtered,
    addMs,
    compactMs,
  };
  for (const file of files) await file.close();
  return told;
}

async function vectorOf(files: readonly FileHandle[], plans: readonly SegmentPlan[], number: number) {
  const at = Math.floor(number / segmentRows);
  // A face of the tail is in memory.
  if (at >= files.length) return undefined;
  const bytes = Buffer.alloc(spec.dimension * 4);
  const row = number - at * segmentRows;
  await files[at]!.read(bytes, 0, bytes.length, plans[at]!.parts.vectors.offset + row * bytes.length);
  return new Float32Array(bytes.buffer, bytes.byteOffset, spec.dimension);
}

/** Each piece in a buffer of its own, which the segment may keep; without a segment all in one. */
async function readPieces(
  file: FileHandle,
  { offset, length }: ByteRange,
  segment: Segment | undefined,
): Promise<void> {
  const again = Buffer.allocUnsafeSlow(pieceBytes);
  for (let at = offset; at < offset + length; at += pieceBytes) {
    const buffer = segment ? Buffer.allocUnsafeSlow(pieceBytes) : again;
    const piece = buffer.subarray(0, Math.min(pieceBytes, offset + length - at));
    await file.read(piece, 0, piece.length, at);
    segment?.write(at, piece);
  }
}

async function eachAtOnce(atOnce: number, count: number, work: (at: number) => Promise<unknown>) {
  const places = Array.from({ length: count }, (_, at) => at).values();
  const worker = async () => {
    for (const at of places) await work(at);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

process.once('message', async (task: Task) => {
  process.send?.(await measure(task));
  process.disconnect();
});
