import type { Block } from './block.ts';
import type { Candidates } from './candidates.ts';
import { type Bitmap, countRows, hasRow, rowsOf } from './filter/bitmap.ts';
import { maxChunk, maxChunkMany, maxQueries } from './kernel/kernel.ts';
import type { Probe } from './quantise.ts';
import { visitorOf } from './visitor.ts';

/** The first chunk leaves the kernel nearly whole, so it is small; the threshold it gives makes larger ones worth it. */
const firstChunk = 256;
/** From this share of matching rows on, all rows are scanned and those that don't match dropped as they leave. */
const gatherBelow = 0.6;

/** A query, and what has been found for it so far. */
export interface Search {
  readonly probe: Probe;
  readonly candidates: Candidates;
}

/** Scans a block's live rows, or those of `matches` (live ones only), raising the candidates' thresholds as it goes. */
export function scanBlock(block: Block, searches: readonly Search[], matches?: Bitmap): void {
  if (block.rows === 0) return;
  for (const { candidates } of searches) candidates.enter(block);
  if (matches && countRows(matches) < gatherBelow * block.rows) {
    const list = rowsOf(matches);
    for (const search of searches) scanListed(block, search, list);
  } else if (searches.length === 1) {
    scanAll(block, searches[0]!, matches);
  } else {
    for (let first = 0; first < searches.length; first += maxQueries) {
      scanForMany(block, searches.slice(first, first + maxQueries), matches);
    }
  }
}

/** The kernel's bound of a row's upper bound. */
function floorOf({ candidates, probe }: Search): number {
  return candidates.threshold - probe.slack;
}

function scanAll(block: Block, search: Search, matches: Bitmap | undefined): void {
  const { probe, candidates } = search;
  const { errors } = block.quantised;
  const { kernel, addresses, maxRows, range } = visitorOf(block.quantised);
  const { found, estimates } = kernel;
  kernel.setQuery(probe.ints);
  for (const [start, stop] of chunks(block.rows, maxRows)) {
    const first = range(start, stop);
    const count = kernel.scan(addresses, start - first, stop - first, probe.unit, floorOf(search));
    for (let i = 0; i < 2 * count; i += 2) {
      const row = first + found[i]!;
      if (matches && !hasRow(matches, row)) continue;
      candidates.offer(row, estimates[i + 1]!, errors[row]! + probe.slack);
    }
  }
}

function scanForMany(block: Block, searches: readonly Search[], matches: Bitmap | undefined): void {
  const { errors, stride } = block.quantised;
  const { kernel, addresses, maxRows, range } = visitorOf(block.quantised);
  const { found, estimates } = kernel;
  kernel.setQueries(
    searches.map((search) => search.probe),
    stride,
  );
  for (const [start, stop] of chunks(block.rows, Math.min(maxRows, maxChunkMany))) {
    const first = range(start, stop);
    const counts = kernel.scanMany(addresses, start - first, stop - first, searches.map(floorOf));
    for (const [q, { probe, candidates }] of searches.entries()) {
      const from = q * maxChunkMany * 2;
      for (let i = from; i < from + 2 * counts[q]!; i += 2) {
        const row = first + found[i]!;
        if (matches && !hasRow(matches, row)) continue;
        candidates.offer(row, estimates[i + 1]!, errors[row]! + probe.slack);
      }
    }
  }
}

function scanListed(block: Block, search: Search, rows: Int32Array): void {
  const { probe, candidates } = search;
  const { errors } = block.quantised;
  const { kernel, addresses, maxRows, list } = visitorOf(block.quantised);
  const { found, estimates } = kernel;
  kernel.setQuery(probe.ints);
  for (const [start, stop] of chunks(rows.length, maxRows)) {
    const asked = rows.subarray(start, stop);
    const count = kernel.scanList(addresses, list(asked), probe.unit, floorOf(search));
    for (let i = 0; i < 2 * count; i += 2) {
      const place = found[i]!;
      // The list is padded to a multiple of four with its last row.
      if (place >= asked.length) continue;
      const row = asked[place]!;
      candidates.offer(row, estimates[i + 1]!, errors[row]! + probe.slack);
    }
  }
}

/** Pieces of rows [0, rows), rounded up to a multiple of 4, that double from `firstChunk` up to `largest`. */
function* chunks(rows: number, largest: number): Generator<[start: number, stop: number]> {
  const end = Math.ceil(rows / 4) * 4;
  let size = Math.min(firstChunk, largest);
  for (let start = 0; start < end; ) {
    const stop = Math.min(end, start + size);
    yield [start, stop];
    start = stop;
    size = Math.min(maxChunk, largest, size * 2);
  }
}
