import type { Block, QuantisedRows } from './block.ts';
import type { Columns } from './columns/columns.ts';
import { decodeHeader, SegmentDamaged, type SegmentHeader } from './format/header.ts';
import { type Layout, layoutOf } from './format/layout.ts';
import { placeCodes, placeColumns } from './format/place-columns.ts';
import type { Kernel } from './kernel/kernel.ts';
import { Pieces } from './pieces.ts';
import { strideOf } from './quantise.ts';
import { allocate, hashCopiedSteps, hashRegionSteps, type Region } from './region.ts';
import { scatteredRows } from './scattered-rows.ts';
import { runInSlices, runToEnd, type Steps } from './steps.ts';
import { type RowChange, type Segment, type SegmentPart, type SegmentPlan, segmentParts } from './types.ts';

/** Copied between two pauses. */
const copyBytes = 2 ** 20;

/**
 * A segment file as it lies in memory, changed in place by removals and updates: up to its vectors, the file's bytes at
 * their offsets; the vectors in a memory of their own, taken when the first of them come. The codes stay in the pieces
 * in which they came until another part is there: the first search needn't wait until they are brought together.
 */
export class LoadedSegment implements Segment, Block {
  readonly plan: SegmentHeader;
  readonly alive: Uint32Array;
  live: number;
  /** Both from the moment on that the codes are finished. */
  numbers!: Float64Array;
  quantised!: QuantisedRows;
  columns: Columns | undefined;
  vectors: Float32Array | undefined;
  /** Changes that came before the columns. */
  private readonly pending: [row: number, change: RowChange][] = [];
  private readonly layout: Layout;
  /** The codes, until they are brought together. */
  private pieces: Pieces | undefined;
  private isGathering = false;
  private hot: Region | undefined;
  private cold: Region | undefined;
  private readonly finished = new Set<SegmentPart>();

  constructor(plan: SegmentHeader) {
    this.plan = plan;
    this.layout = layoutOf(plan, plan.rows, plan.dictionaries);
    this.pieces = new Pieces(plan.parts.codes);
    this.alive = new Uint32Array(Math.ceil(plan.rows / 32)).fill(0xffff_ffff);
    if (plan.rows & 31) this.alive[this.alive.length - 1] = (1 << (plan.rows & 31)) - 1;
    this.live = plan.rows;
  }

  get rows(): number {
    return this.plan.rows;
  }

  get bytes(): number {
    let bytes = this.alive.byteLength;
    for (const part of this.finished) bytes += this.plan.parts[part].length;
    return bytes;
  }

  get vectorsKernel(): Kernel | undefined {
    return this.cold?.kernel;
  }

  has(part: SegmentPart): boolean {
    return this.finished.has(part);
  }

  write(offset: number, bytes: Uint8Array): void {
    if (offset < 0 || offset + bytes.length > this.plan.byteLength) {
      throw new RangeError(`Bytes ${offset} to ${offset + bytes.length} of ${this.plan.byteLength}`);
    }
    // A part that is finished may have changed since (a removed row): its bytes are left alone.
    for (const part of segmentParts) {
      if (this.finished.has(part)) continue;
      const range = this.plan.parts[part];
      const from = Math.max(range.offset, offset);
      const to = Math.min(range.offset + range.length, offset + bytes.length);
      if (from >= to) continue;
      const asked = bytes.subarray(from - offset, to - offset);
      if (part === 'codes') {
        this.pieces?.add(from, asked);
        continue;
      }
      const { region, start } = this.placeOf(part);
      new Uint8Array(region.buffer).set(asked, region.base + start + from - range.offset);
    }
  }

  finish(part: SegmentPart): void {
    runToEnd(this.finishSteps(part));
  }

  finishInSlices(part: SegmentPart): Promise<void> {
    return runInSlices(this.finishSteps(part));
  }

  private *finishSteps(part: SegmentPart): Steps<void> {
    if (this.finished.has(part)) return;
    if ((yield* this.checksumOf(part)) !== this.plan.checksums[part]) {
      throw new SegmentDamaged(`The ${part} of a segment are not what was written`);
    }
    if (this.finished.has(part)) return;
    this.finished.add(part);
    const { rows, dimension } = this.plan;
    if (part === 'codes' && this.pieces) {
      const { quantised, numbers } = scatteredRows(this.pieces, this.layout, strideOf(dimension));
      this.quantised = quantised;
      this.numbers = numbers;
    } else if (part === 'columns') {
      this.columns = placeColumns(this.placeOf(part).region, this.layout, this.plan, rows);
      for (const [row, change] of this.pending.splice(0)) this.columns.update(row, change);
    } else if (part === 'vectors') {
      const { buffer, base } = this.placeOf(part).region;
      this.vectors = new Float32Array(buffer, base, rows * dimension);
    }
    if (this.finished.size > 1) yield* this.bringTogether();
  }

  find(number: number): number | undefined {
    if (number < this.plan.firstNumber || number > this.plan.lastNumber) return undefined;
    let low = 0;
    let high = this.rows - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const there = this.numbers[middle]!;
      if (there === number)
        return ((this.alive[middle >> 5]! >>> (middle & 31)) & 1) === 1 ? middle : undefined;
      if (there < number) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  deleteRow(row: number): void {
    this.alive[row >> 5]! &= ~(1 << (row & 31));
    this.quantised.errors[row] = Number.NEGATIVE_INFINITY;
    this.live -= 1;
  }

  update(row: number, change: RowChange): void {
    if (this.columns) this.columns.update(row, change);
    else this.pending.push([row, change]);
  }

  /** Of the bytes that are there; undefined where some are missing. */
  private *checksumOf(part: SegmentPart): Steps<string | undefined> {
    const { pieces } = this;
    const { offset, length } = this.plan.parts[part];
    if (part !== 'codes' || !pieces) {
      const { region, start } = this.placeOf(part);
      return yield* hashRegionSteps(region, start, length);
    }
    if (!pieces.order()) return undefined;
    return yield* hashCopiedSteps(length, (from, to, target) =>
      pieces.copy(offset + from, offset + to, target),
    );
  }

  /** Moves finished codes to their place in memory, where they are scanned without being copied. */
  private *bringTogether(): Steps<void> {
    const { pieces } = this;
    if (!pieces || this.isGathering || !this.finished.has('codes')) return;
    this.isGathering = true;
    const { region } = this.placeOf('codes');
    const { offset, length } = this.plan.parts.codes;
    const target = new Uint8Array(region.buffer, region.base + offset, length);
    for (let from = 0; from < length; from += copyBytes) {
      if (from > 0) yield;
      const to = Math.min(length, from + copyBytes);
      pieces.copy(offset + from, offset + to, target.subarray(from, to));
    }
    const placed = placeCodes(region, this.layout, strideOf(this.plan.dimension));
    // Rows may have been removed since.
    placed.errors.set(this.quantised.errors);
    this.quantised = placed;
    const numbersAt = region.base + this.layout.sections.get('numbers')!.offset;
    this.numbers = new Float64Array(region.buffer, numbersAt, this.plan.rows);
    this.pieces = undefined;
  }

  /** The memory that a part lies in once it is brought together, and where it starts there. */
  private placeOf(part: SegmentPart): { readonly region: Region; readonly start: number } {
    const { offset, length } = this.plan.parts[part];
    if (part === 'vectors') {
      this.cold ??= allocate(length);
      return { region: this.cold, start: 0 };
    }
    this.hot ??= allocate(this.plan.parts.vectors.offset);
    return { region: this.hot, start: offset };
  }
}

/** What the first `segmentHeaderBytes` of a segment file (or more) say. @throws SegmentDamaged */
export function readSegmentPlan(head: Uint8Array): SegmentPlan {
  return decodeHeader(head);
}

/** Room for the segment, with nothing in it yet. @param plan from `readSegmentPlan` */
export function openSegment(plan: SegmentPlan): Segment {
  if (!isHeader(plan)) throw new RangeError('A plan that is not from readSegmentPlan');
  return new LoadedSegment(plan);
}

function isHeader(plan: SegmentPlan): plan is SegmentHeader {
  return 'checksums' in plan;
}
