import type { Block, QuantisedRows } from './block.ts';
import { type Bitmap, countRows, hasRow, rowsOf } from './filter/bitmap.ts';
import { type Kernel, maxChunk, type RowAddresses } from './kernel/kernel.ts';
import type { Probe } from './quantise.ts';
import { visitingKernel } from './region.ts';
import { TopK } from './top-k.ts';

/** Below any cosine's bound, and finite: a dead row's -Infinity must not reach it. */
const none = -4;
/** The first chunk leaves the kernel nearly whole, so it is small; the threshold it gives makes the next ones worth their size. */
const firstChunk = 256;
/** From this share of matching rows on, all rows are scanned and those that don't match dropped as they leave. */
const gatherBelow = 0.6;

/** Rows that may be among the best k, of all blocks scanned so far. */
export class Candidates {
  readonly blocks: Block[] = [];
  readonly rows: number[] = [];
  private readonly uppers: number[] = [];
  private readonly lowers: TopK;
  private readonly minCosine: number;

  constructor(k: number, minCosine: number) {
    this.lowers = new TopK(k);
    this.minCosine = minCosine;
  }

  /** No row whose upper bound is below can be a hit. */
  get threshold(): number {
    return Math.max(none, this.minCosine, this.lowers.least);
  }

  offer(block: Block, row: number, estimate: number, error: number): void {
    this.blocks.push(block);
    this.rows.push(row);
    this.uppers.push(estimate + error);
    this.lowers.offer(estimate - error);
  }

  /** The places of those that the final threshold leaves. */
  places(): number[] {
    const { threshold } = this;
    const places: number[] = [];
    for (let place = 0; place < this.rows.length; place += 1) {
      if (this.uppers[place]! >= threshold) places.push(place);
    }
    return places;
  }
}

/** Scans a block's live rows, or those of `matches` (live ones only), raising the candidates' threshold as it goes. */
export function scanBlock(block: Block, probe: Probe, candidates: Candidates, matches?: Bitmap): void {
  if (block.rows === 0) return;
  const { quantised } = block;
  const offer = (row: number, estimate: number) =>
    candidates.offer(block, row, estimate, quantised.errors[row]! + probe.slack);
  if (!matches) {
    scanRange(quantised, block.rows, probe, candidates, offer);
  } else if (countRows(matches) >= gatherBelow * block.rows) {
    scanRange(quantised, block.rows, probe, candidates, (row, estimate) => {
      if (hasRow(matches, row)) offer(row, estimate);
    });
  } else {
    scanListed(quantised, rowsOf(matches), probe, candidates, offer);
  }
}

type Offer = (row: number, estimate: number) => void;

function scanRange(
  quantised: QuantisedRows,
  rows: number,
  probe: Probe,
  candidates: Candidates,
  offer: Offer,
): void {
  const end = Math.ceil(rows / 4) * 4;
  const visit = visitor(quantised, probe);
  let chunk = firstChunk;
  for (let start = 0; start < end; ) {
    const stop = Math.min(end, start + Math.min(chunk, visit.maxRows));
    const { kernel, addresses, first } = visit.range(start, stop);
    const floor = candidates.threshold - probe.slack;
    const found = kernel.scan(addresses, start - first, stop - first, probe.unit, floor);
    for (let i = 0; i < found; i += 1) offer(first + kernel.found[2 * i]!, kernel.estimates[2 * i + 1]!);
    start = stop;
    chunk = Math.min(maxChunk, chunk * 2);
  }
}

function scanListed(
  quantised: QuantisedRows,
  list: Int32Array,
  probe: Probe,
  candidates: Candidates,
  offer: Offer,
): void {
  const visit = visitor(quantised, probe);
  let chunk = firstChunk;
  for (let start = 0; start < list.length; ) {
    const rows = list.subarray(start, start + Math.min(chunk, visit.maxRows));
    const { kernel, addresses, places } = visit.rows(rows);
    const floor = candidates.threshold - probe.slack;
    const found = kernel.scanList(addresses, places, probe.unit, floor);
    for (let i = 0; i < found; i += 1) {
      const place = kernel.found[2 * i]!;
      // The list is padded to a multiple of four with its last row.
      if (place < rows.length) offer(rows[place]!, kernel.estimates[2 * i + 1]!);
    }
    start += rows.length;
    chunk = Math.min(maxChunk, chunk * 2);
  }
}

/** Brings rows and kernel together: rows in a memory of their own stay there, others are copied chunk by chunk. */
interface Visitor {
  readonly maxRows: number;
  /** Row r is at place r - first of the addresses. */
  range(start: number, end: number): { kernel: Kernel; addresses: RowAddresses; first: number };
  /** Row rows[i] is at places[i] of the addresses. */
  rows(rows: Int32Array): { kernel: Kernel; addresses: RowAddresses; places: Int32Array };
}

function visitor(quantised: QuantisedRows, probe: Probe): Visitor {
  const { kernel } = quantised.region;
  if (!kernel) return copyingVisitor(quantised, probe);
  kernel.setQuery(probe.ints);
  const addresses = {
    codes: quantised.codesAt,
    scales: quantised.scalesAt,
    errors: quantised.errorsAt,
    stride: quantised.stride,
  };
  return {
    maxRows: maxChunk,
    range: () => ({ kernel, addresses, first: 0 }),
    rows: (places) => ({ kernel, addresses, places }),
  };
}

function copyingVisitor(quantised: QuantisedRows, probe: Probe): Visitor {
  const { stride } = quantised;
  const { kernel, base, bytes } = visitingKernel();
  const maxRows = Math.floor(bytes / (stride + 8)) & ~3;
  kernel.setQuery(probe.ints);
  const addresses = {
    codes: base,
    scales: base + maxRows * stride,
    errors: base + maxRows * (stride + 4),
    stride,
  };
  const codes = new Int8Array(kernel.buffer, addresses.codes, maxRows * stride);
  const scales = new Float32Array(kernel.buffer, addresses.scales, maxRows);
  const errors = new Float32Array(kernel.buffer, addresses.errors, maxRows);
  const copy = (row: number, rows: number, place: number) => {
    codes.set(quantised.codes.subarray(row * stride, (row + rows) * stride), place * stride);
    scales.set(quantised.scales.subarray(row, row + rows), place);
    errors.set(quantised.errors.subarray(row, row + rows), place);
  };
  return {
    maxRows,
    range(start, end) {
      copy(start, end - start, 0);
      return { kernel, addresses, first: start };
    },
    rows(rows) {
      const places = new Int32Array(rows.length);
      for (let i = 0; i < rows.length; i += 1) {
        copy(rows[i]!, 1, i);
        places[i] = i;
      }
      return { kernel, addresses, places };
    },
  };
}
