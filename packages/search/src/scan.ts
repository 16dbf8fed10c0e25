import type { Steps } from '@openfrs/contract/steps';
import type { Block } from './block.ts';
import type { Candidates } from './candidates.ts';
import { type Bitmap, countRows, hasRow, rowsOf } from './filter/bitmap.ts';
import { type Kernel, maxChunk, maxChunkMany, maxQueries } from './kernel/kernel.ts';
import type { BlockProbe, Probe } from './quantise.ts';
import { accessRows } from './row-access.ts';

/** The first chunk leaves the kernel nearly whole, so it is small; the threshold it gives makes larger ones worth it. */
export const firstChunk = 256;
/** From this share of matching rows on, all rows are scanned and those that don't match dropped as they leave. */
const gatherBelow = 0.6;

/** A query, and what has been found for it so far. */
export interface Search {
  readonly probe: Probe;
  readonly candidates: Candidates;
}

/**
 * Scans a block's live rows, or those of `matches` (live ones only), raising the candidates' thresholds as it goes. A row
 * that is removed meanwhile may be among the candidates; one that is there all the time is looked at.
 */
export function* scanBlock(block: Block, searches: readonly Search[], matches?: Bitmap): Steps<void> {
  if (block.rows === 0) return;
  for (const { candidates } of searches) candidates.enter(block);
  if (matches && countRows(matches) < gatherBelow * block.rows) {
    const list = rowsOf(matches);
    for (const search of searches) yield* scanListed(block, search, list);
  } else if (searches.length === 1) {
    yield* scanAll(block, searches[0]!, matches);
  } else {
    for (let first = 0; first < searches.length; first += maxQueries) {
      yield* scanForMany(block, searches.slice(first, first + maxQueries), matches);
    }
  }
}

/** The kernel's bound of a row's upper bound. */
function floorOf({ candidates }: Search, { slack }: BlockProbe): number {
  return candidates.threshold - slack;
}

/**
 * The kernel ready for a search, and where it writes. To be opened again after a pause: others have used it since, and the
 * block's rows may have moved in memory.
 */
function open({ quantised }: Block, setQuery: (kernel: Kernel) => void) {
  const access = accessRows(quantised);
  const { kernel } = access;
  setQuery(kernel);
  return { ...access, found: kernel.found, estimates: kernel.estimates, errors: quantised.errors };
}

function* scanAll(block: Block, search: Search, matches: Bitmap | undefined): Steps<void> {
  yield* scanRange(block, search, [0, block.rows], firstChunk, matches);
}

/**
 * Scans rows [from, to) of a block that the candidates have entered; `from` is a multiple of 4.
 * @param first rows of the first chunk; those that follow double
 */
export function* scanRange(
  block: Block,
  search: Search,
  [from, to]: readonly [from: number, to: number],
  first = maxChunk,
  matches?: Bitmap,
): Steps<void> {
  const { candidates } = search;
  const probe = search.probe.for(block.quantised.rotation);
  const setQuery = (kernel: Kernel) => kernel.setQuery(probe);
  let opened = open(block, setQuery);
  for (const [start, stop] of chunks(to - from, opened.maxRows, first)) {
    if (start > 0 && (yield)) opened = open(block, setQuery);
    const { kernel, addresses, range, found, estimates, errors } = opened;
    const origin = range(from + start, from + stop);
    const [begin, end] = [from + start - origin, from + stop - origin];
    const count = kernel.scan(addresses, begin, end, floorOf(search, probe));
    for (let i = 0; i < 2 * count; i += 2) {
      const row = origin + found[i]!;
      if (matches && !hasRow(matches, row)) continue;
      candidates.offer(row, estimates[i + 1]!, errors[row]! + probe.slack);
    }
  }
}

function* scanForMany(block: Block, searches: readonly Search[], matches: Bitmap | undefined): Steps<void> {
  const { rotation } = block.quantised;
  const probes: BlockProbe[] = [];
  for (const { probe } of searches) {
    if (probes.length > 0 && rotation) yield;
    probes.push(probe.for(rotation));
  }
  const setQueries = (kernel: Kernel) => kernel.setQueries(probes, block.quantised.stride);
  let opened = open(block, setQueries);
  for (const [start, stop] of chunks(block.rows, Math.min(opened.maxRows, maxChunkMany))) {
    if (start > 0 && (yield)) opened = open(block, setQueries);
    const { kernel, addresses, range, found, estimates, errors } = opened;
    const first = range(start, stop);
    const floors = searches.map((search, q) => floorOf(search, probes[q]!));
    const counts = kernel.scanMany(addresses, start - first, stop - first, floors);
    for (const [q, { candidates }] of searches.entries()) {
      const from = q * maxChunkMany * 2;
      for (let i = from; i < from + 2 * counts[q]!; i += 2) {
        const row = first + found[i]!;
        if (matches && !hasRow(matches, row)) continue;
        candidates.offer(row, estimates[i + 1]!, errors[row]! + probes[q]!.slack);
      }
    }
  }
}

function* scanListed(block: Block, search: Search, rows: Int32Array): Steps<void> {
  const { candidates } = search;
  const probe = search.probe.for(block.quantised.rotation);
  const setQuery = (kernel: Kernel) => kernel.setQuery(probe);
  let opened = open(block, setQuery);
  for (const [start, stop] of chunks(rows.length, opened.maxRows)) {
    if (start > 0 && (yield)) opened = open(block, setQuery);
    const { kernel, addresses, list, found, estimates, errors } = opened;
    const asked = rows.subarray(start, stop);
    const count = kernel.scanList(addresses, list(asked), floorOf(search, probe));
    for (let i = 0; i < 2 * count; i += 2) {
      const place = found[i]!;
      // The list is padded to a multiple of four with its last row.
      if (place >= asked.length) continue;
      const row = asked[place]!;
      candidates.offer(row, estimates[i + 1]!, errors[row]! + probe.slack);
    }
  }
}

/** Pieces of rows [0, rows), rounded up to a multiple of 4, that double from `first` up to `largest`. */
function* chunks(
  rows: number,
  largest: number,
  first = firstChunk,
): Generator<[start: number, stop: number]> {
  const end = Math.ceil(rows / 4) * 4;
  let size = Math.min(first, largest);
  for (let start = 0; start < end; ) {
    const stop = Math.min(end, start + size);
    yield [start, stop];
    start = stop;
    size = Math.min(maxChunk, largest, size * 2);
  }
}
