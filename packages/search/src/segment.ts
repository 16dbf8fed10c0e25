import type { Block, QuantisedRows, RowChange } from './block.ts';
import type { Columns } from './columns/columns.ts';
import { decodeHeader, SegmentDamaged, type SegmentHeader } from './format/header.ts';
import { type Layout, layoutOf } from './format/layout.ts';
import { placeCodes, placeColumns } from './format/place-columns.ts';
import type { Kernel } from './kernel/kernel.ts';
import { strideOf } from './quantise.ts';
import { allocate, hashRegion, type Region } from './region.ts';
import { type Segment, type SegmentPart, type SegmentPlan, segmentParts } from './types.ts';

/**
 * A segment file as it lies in memory, changed in place by removals and updates: up to its vectors, the file's bytes at
 * their offsets; the vectors in a memory of their own, taken when the first of them come.
 */
export class LoadedSegment implements Segment, Block {
  readonly plan: SegmentHeader;
  readonly alive: Uint32Array;
  live: number;
  numbers: Float64Array;
  quantised: QuantisedRows;
  columns: Columns | undefined;
  vectors: Float32Array | undefined;
  /** Changes that came before the columns. */
  private readonly pending: [row: number, change: RowChange][] = [];
  private readonly layout: Layout;
  private readonly hot: Region;
  private cold: Region | undefined;
  private readonly finished = new Set<SegmentPart>();

  constructor(plan: SegmentHeader) {
    this.plan = plan;
    this.layout = layoutOf(plan, plan.rows, plan.dictionaries);
    this.hot = allocate(plan.parts.vectors.offset);
    this.quantised = placeCodes(this.hot, this.layout, strideOf(plan.dimension));
    const numbersAt = this.hot.base + this.layout.sections.get('numbers')!.offset;
    this.numbers = new Float64Array(this.hot.buffer, numbersAt, plan.rows);
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
      const { region, start } = this.placeOf(part);
      new Uint8Array(region.buffer).set(
        bytes.subarray(from - offset, to - offset),
        region.base + start + from - range.offset,
      );
    }
  }

  finish(part: SegmentPart): void {
    if (this.finished.has(part)) return;
    const { region, start } = this.placeOf(part);
    if (hashRegion(region, start, this.plan.parts[part].length) !== this.plan.checksums[part]) {
      throw new SegmentDamaged(`The ${part} of a segment are not what was written`);
    }
    this.finished.add(part);
    if (part === 'columns') {
      this.columns = placeColumns(this.hot, this.layout, this.plan, this.plan.rows);
      for (const [row, change] of this.pending.splice(0)) this.columns.update(row, change);
    } else if (part === 'vectors') {
      const { rows, dimension } = this.plan;
      this.vectors = new Float32Array(region.buffer, region.base, rows * dimension);
    }
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

  kill(row: number): void {
    this.alive[row >> 5]! &= ~(1 << (row & 31));
    this.quantised.errors[row] = Number.NEGATIVE_INFINITY;
    this.live -= 1;
  }

  update(row: number, change: RowChange): void {
    if (this.columns) this.columns.update(row, change);
    else this.pending.push([row, change]);
  }

  /** The memory that a part lies in, and where it starts there. */
  private placeOf(part: SegmentPart): { readonly region: Region; readonly start: number } {
    const { offset, length } = this.plan.parts[part];
    if (part !== 'vectors') return { region: this.hot, start: offset };
    this.cold ??= allocate(length);
    return { region: this.cold, start: 0 };
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
