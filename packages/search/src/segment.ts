import type { Block, QuantisedRows, RowChange } from './block.ts';
import type { Columns } from './columns/columns.ts';
import { decodeHeader, SegmentDamaged, type SegmentHeader } from './format/header.ts';
import { type Layout, layoutOf, segmentHeaderBytes } from './format/layout.ts';
import { placeCodes, placeColumns } from './format/place-columns.ts';
import { strideOf } from './quantise.ts';
import { allocate, hashRegion, type Region } from './region.ts';
import type { Segment, SegmentPart, SegmentPlan, VectorReader } from './types.ts';

/** A segment file as it lies in memory: the file's bytes at their offsets, changed in place by removals and updates. */
export class LoadedSegment implements Segment, Block {
  readonly plan: SegmentHeader;
  readonly alive: Uint32Array;
  live: number;
  numbers: Float64Array;
  quantised: QuantisedRows;
  columns: Columns | undefined;
  vectors: Float32Array | undefined;
  read: VectorReader | undefined;
  /** Changes that came before the columns. */
  private readonly pending: [row: number, change: RowChange][] = [];
  private readonly layout: Layout;
  private readonly region: Region;
  private readonly finished = new Set<SegmentPart>();

  constructor(plan: SegmentHeader) {
    this.plan = plan;
    this.layout = layoutOf(plan, plan.rows, plan.dictionaries);
    this.region = allocate(plan.byteLength);
    this.quantised = placeCodes(this.region, this.layout, strideOf(plan.dimension));
    this.numbers = new Float64Array(this.region.buffer, this.at('numbers'), plan.rows);
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

  has(part: SegmentPart): boolean {
    return this.finished.has(part);
  }

  write(offset: number, bytes: Uint8Array): void {
    if (offset < 0 || offset + bytes.length > this.plan.byteLength) {
      throw new RangeError(`Bytes ${offset} to ${offset + bytes.length} of ${this.plan.byteLength}`);
    }
    const skip = Math.min(bytes.length, Math.max(0, segmentHeaderBytes - offset));
    const file = new Uint8Array(this.region.buffer, this.region.base, this.plan.byteLength);
    // A part that is finished may have changed since (a removed row): its bytes are left alone.
    for (const part of Object.keys(this.plan.parts) as SegmentPart[]) {
      if (this.finished.has(part)) continue;
      const range = this.plan.parts[part];
      const from = Math.max(range.offset, offset + skip);
      const to = Math.min(range.offset + range.length, offset + bytes.length);
      if (from < to) file.set(bytes.subarray(from - offset, to - offset), from);
    }
  }

  finish(part: SegmentPart): void {
    if (this.finished.has(part)) return;
    const { offset, length } = this.plan.parts[part];
    if (hashRegion(this.region, offset, length) !== this.plan.checksums[part]) {
      throw new SegmentDamaged(`The ${part} of a segment are not what was written`);
    }
    this.finished.add(part);
    if (part === 'columns') {
      this.columns = placeColumns(this.region, this.layout, this.plan, this.plan.rows);
      for (const [row, change] of this.pending.splice(0)) this.columns.update(row, change);
    } else if (part === 'vectors') {
      const { rows, dimension } = this.plan;
      this.vectors = new Float32Array(this.region.buffer, this.at('vectors'), rows * dimension);
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

  private at(section: string): number {
    return this.region.base + this.layout.sections.get(section)!.offset;
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
