import { runInSlices, runToEnd, type Steps } from '@openfrs/contract/steps';
import type { Block, QuantisedRows } from './block.ts';
import type { Columns } from './columns/columns.ts';
import { hasRow } from './filter/bitmap.ts';
import { decodeHeader, SegmentDamaged, type SegmentHeader } from './format/header.ts';
import { type Layout, layoutOf } from './format/layout.ts';
import { placeCodes, placeColumns } from './format/place-columns.ts';
import type { Kernel } from './kernel/kernel.ts';
import { Pieces } from './pieces.ts';
import { strideOf } from './quantise.ts';
import { allocate, hashCopiedSteps, hashRegionSteps, type Region } from './region.ts';
import { ResidentCodes } from './resident-codes.ts';
import type { RowNumbers } from './row-numbers.ts';
import { scatteredRows } from './scattered-rows.ts';
import { sharedFrom } from './threads/control.ts';
import { type RowChange, type Segment, type SegmentPart, type SegmentPlan, segmentParts } from './types.ts';

/** Copied between two pauses. */
const copyBytes = 2 ** 20;

/**
 * A segment file as it lies in memory, changed in place by removals and updates: its codes with scales and errors in a memory
 * that is scanned, its vectors in another, taken when the first of them come, and its columns beside them. The codes of a large
 * set go there as they come; those of others stay in the pieces in which they came until another part is there: the first
 * search needn't wait until they are brought together.
 */
export class LoadedSegment implements Segment, Block {
  readonly plan: SegmentHeader;
  readonly alive: Uint32Array;
  live: number;
  /** From the moment on that the codes are finished. */
  quantised!: QuantisedRows;
  columns: Columns | undefined;
  vectors: Float32Array | undefined;
  private numbers!: RowNumbers;
  /** Changes that came before the columns. */
  private readonly pending: [row: number, change: RowChange][] = [];
  private readonly layout: Layout;
  /** Is it searched, so that another thread may have to scan it? */
  private readonly isShared: boolean;
  /** What came of the codes and of the columns, until it is brought together. */
  private readonly pieces: Record<'codes' | 'columns', Pieces | undefined>;
  /** The codes of a large set, until they are finished. */
  private resident: ResidentCodes | undefined;
  private isGathering = false;
  private cold: Region | undefined;
  private readonly finished = new Set<SegmentPart>();

  /** @param rowsOfSet of all segments that it is searched with; 0 where it isn't searched */
  constructor(plan: SegmentHeader, rowsOfSet: number) {
    this.plan = plan;
    this.isShared = rowsOfSet > 0;
    this.layout = layoutOf(plan, plan.rows, plan.dictionaries, plan.planes);
    const isLarge = rowsOfSet * strideOf(plan.dimension) >= sharedFrom;
    this.resident = isLarge ? new ResidentCodes(this.layout) : undefined;
    const codes = isLarge ? undefined : new Pieces(plan.parts.codes);
    this.pieces = { codes, columns: new Pieces(plan.parts.columns) };
    this.alive = new Uint32Array(Math.ceil(plan.rows / 32)).fill(0xffff_ffff);
    if (plan.rows & 31) this.alive[this.alive.length - 1] = (1 << (plan.rows & 31)) - 1;
    this.live = plan.rows;
  }

  get rows(): number {
    return this.plan.rows;
  }

  get bytes(): number {
    if (!this.has('codes')) return this.alive.byteLength;
    const gathered = this.layout.sections.get('numbers')!.offset - this.plan.parts.codes.offset;
    const scanned = this.pieces.codes ? this.plan.parts.codes.length : gathered;
    const beside = this.alive.byteLength + this.numbers.bytes + (this.columns?.bytes ?? 0);
    return scanned + beside + (this.vectors?.byteLength ?? 0);
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
      if (part === 'vectors') {
        const { buffer, base } = this.coldRegion();
        new Uint8Array(buffer).set(asked, base + from - range.offset);
      } else {
        ((part === 'codes' && this.resident) || this.pieces[part])?.add(from, asked);
      }
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
      // Finished meanwhile, and a row removed since: what was hashed is not what came in.
      if (this.finished.has(part)) return;
      throw new SegmentDamaged(`The ${part} of a segment are not what was written`);
    }
    const { rows, dimension } = this.plan;
    const columns = part === 'columns' ? yield* this.columnsOf() : undefined;
    // Others may have finished it meanwhile, and it may have been changed since.
    if (this.finished.has(part)) return;
    this.finished.add(part);
    if (part === 'codes') {
      this.takeCodes();
    } else if (columns) {
      for (const [row, change] of this.pending.splice(0)) columns.update(row, change);
      this.columns = columns;
      this.pieces.columns = undefined;
    } else if (part === 'vectors') {
      const { buffer, base } = this.coldRegion();
      this.vectors = new Float32Array(buffer, base, rows * dimension);
    }
    if (this.finished.size > 1) yield* this.bringTogether();
  }

  numberOf(row: number): number {
    return this.numbers.of(row);
  }

  find(number: number): number | undefined {
    if (number < this.plan.firstNumber || number > this.plan.lastNumber) return undefined;
    const row = this.numbers.find(number);
    return row !== undefined && hasRow(this.alive, row) ? row : undefined;
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

  private takeCodes(): void {
    const stride = strideOf(this.plan.dimension);
    const { quantised, numbers } =
      this.resident?.rows(stride) ?? scatteredRows(this.pieces.codes!, this.layout, stride);
    this.quantised = quantised;
    this.numbers = numbers;
    this.resident = undefined;
  }

  /** Of the bytes that are there; undefined where some are missing. */
  private *checksumOf(part: SegmentPart): Steps<string | undefined> {
    const { offset, length } = this.plan.parts[part];
    if (part === 'vectors') return yield* hashRegionSteps(this.coldRegion(), 0, length);
    if (part === 'codes' && this.resident) return yield* this.resident.checksum();
    const pieces = this.pieces[part];
    if (!pieces?.order()) return undefined;
    return yield* hashCopiedSteps(length, (from, to, target) =>
      pieces.copy(offset + from, offset + to, target),
    );
  }

  /** The columns, each section in an array of its own. */
  private *columnsOf(): Steps<Columns | undefined> {
    const pieces = this.pieces.columns;
    if (!pieces) return undefined;
    const { offset, length } = this.plan.parts.columns;
    const sections = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const [name, section] of this.layout.sections) {
      if (section.offset < offset || section.offset + section.length > offset + length) continue;
      const bytes = new Uint8Array(section.length);
      yield* gather(pieces, section.offset, bytes);
      sections.set(name, bytes);
    }
    const columns = placeColumns((name) => sections.get(name)!, this.plan, this.rows);
    yield* columns.narrow();
    return columns;
  }

  /** Moves finished codes to a memory in which they are scanned without being copied. */
  private *bringTogether(): Steps<void> {
    const pieces = this.pieces.codes;
    if (!pieces || this.isGathering || !this.finished.has('codes')) return;
    this.isGathering = true;
    const { offset } = this.plan.parts.codes;
    const length = this.layout.sections.get('numbers')!.offset - offset;
    const region = allocate(length, this.isShared);
    yield* gather(pieces, offset, new Uint8Array(region.buffer, region.base, length));
    const placed = placeCodes(region, this.layout, strideOf(this.plan.dimension), offset);
    // Rows may have been removed since.
    placed.errors.set(this.quantised.errors);
    this.quantised = placed;
    this.pieces.codes = undefined;
  }

  private coldRegion(): Region {
    this.cold ??= allocate(this.plan.parts.vectors.length);
    return this.cold;
  }
}

/** Copies the file's bytes from `offset` on, as many as the target holds. */
function* gather(pieces: Pieces, offset: number, target: Uint8Array): Steps<void> {
  for (let from = 0; from < target.length; from += copyBytes) {
    if (from > 0) yield;
    const to = Math.min(target.length, from + copyBytes);
    pieces.copy(offset + from, offset + to, target.subarray(from, to));
  }
}

/** What the first `segmentHeaderBytes` of a segment file (or more) say. @throws SegmentDamaged, SegmentNewer */
export function readSegmentPlan(head: Uint8Array): SegmentPlan {
  return decodeHeader(head);
}

/**
 * Room for the segment, with nothing in it yet.
 * @param plan from `readSegmentPlan`
 * @param rowsOfSet of all segments that it is searched with: large sets are scanned by two threads; 0 where it isn't searched
 */
export function openSegment(plan: SegmentPlan, rowsOfSet = 0): Segment {
  if (!isHeader(plan)) throw new RangeError('A plan that is not from readSegmentPlan');
  return new LoadedSegment(plan, rowsOfSet);
}

function isHeader(plan: SegmentPlan): plan is SegmentHeader {
  return 'checksums' in plan;
}
