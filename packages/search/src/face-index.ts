import type { FieldValues, Filter } from '@openfrs/contract';
import { runInSlices, runToEnd, type Steps } from '@openfrs/contract/steps';
import type { Block } from './block.ts';
import { Candidates } from './candidates.ts';
import { encodeFaceId } from './columns/columns.ts';
import { type Bitmap, hasRow, rowsOf } from './filter/bitmap.ts';
import { type BoundFilter, bindPlan } from './filter/bound.ts';
import { isMatching, matchingRows } from './filter/evaluate.ts';
import { type Plan, planFilter } from './filter/plan.ts';
import { searchGroups } from './group.ts';
import { type Grouping, groupRows } from './grouping.ts';
import { inOrder } from './in-order.ts';
import { checkVector, Probe } from './quantise.ts';
import { type Rescored, rescoreAbsent, rescoreInMemory } from './rescore.ts';
import { scanBlock } from './scan.ts';
import { LoadedSegment } from './segment.ts';
import { Tail } from './tail.ts';
import { scanBlocks } from './threads/scan-blocks.ts';
import type {
  BatchRequest,
  FaceIndex,
  FaceRow,
  Hit,
  IndexedFace,
  IndexSpec,
  SearchRequest,
  Segment,
} from './types.ts';

/** An empty index. @throws RangeError a dimension outside 64..1024 */
export function createIndex(spec: IndexSpec): FaceIndex {
  if (!Number.isInteger(spec.dimension) || spec.dimension < 64 || spec.dimension > 1024) {
    throw new RangeError(`A dimension of ${spec.dimension}`);
  }
  return new MemoryIndex(spec);
}

/** Queries of one search whose candidates are read at a time. */
const readsAtOnce = 4;

/** A search whose hits were removed or updated while it ran is done again so often; then these are left out. */
const rounds = 3;

/** What a search has found without reading. */
type Found =
  | { readonly hits: Hit[][]; readonly isStale: boolean }
  | { readonly rescored: readonly Rescored[]; readonly isStale: boolean };

class MemoryIndex implements FaceIndex {
  readonly spec: IndexSpec;
  /** Rows are appended to the last one. */
  private tails: Tail[];
  private loaded: LoadedSegment[] = [];
  private readonly removed = new Set<number>();
  /** Segments attached so far: rows may have moved to them. */
  private attached = 0;
  /** Rows removed or updated so far. */
  private changes = 0;
  /** Rows appended so far. */
  private appended = 0;
  /** All rows by person, until any of them changes. */
  private grouping: { readonly weightOf: SearchRequest['weightOf']; readonly rows: Grouping } | undefined;

  constructor(spec: IndexSpec) {
    this.spec = spec;
    this.tails = [new Tail(spec)];
  }

  get size(): number {
    return this.blocks().reduce((sum, block) => sum + block.live, 0);
  }

  get bytes(): number {
    const beside = this.removed.size * 32 + (this.grouping?.rows.bytes ?? 0);
    return this.blocks().reduce((sum, block) => sum + block.bytes, beside);
  }

  get segments(): readonly Segment[] {
    return this.loaded;
  }

  get tailSize(): number {
    return this.tails.reduce((sum, { live }) => sum + live, 0);
  }

  append(rows: readonly FaceRow[]): void {
    for (const row of rows) {
      if (!Number.isSafeInteger(row.number) || row.number < 0) throw new RangeError(`Number ${row.number}`);
      checkVector(row.vector, this.spec.dimension);
      encodeFaceId(row.faceId);
    }
    this.grouping = undefined;
    this.appended += rows.length;
    for (const row of rows) {
      if (!this.removed.has(row.number) && !this.find(row.number)) this.openTail().append(row);
    }
  }

  remove(number: number): boolean {
    this.removed.add(number);
    const place = this.find(number);
    if (!place) return false;
    place.block.deleteRow(place.row);
    this.changes += 1;
    this.grouping = undefined;
    this.dropEmpty();
    return true;
  }

  update(
    number: number,
    change: { readonly externalImageId?: string; readonly fields?: FieldValues },
  ): boolean {
    const place = this.find(number);
    place?.block.update(place.row, change);
    this.changes += 1;
    this.grouping = undefined;
    return place !== undefined;
  }

  attach(segment: Segment): void {
    if (!(segment instanceof LoadedSegment)) throw new RangeError('Not a segment of this package');
    const { dimension, fields } = segment.plan;
    if (dimension !== this.spec.dimension || !sameFields(fields, this.spec.fields)) {
      throw new RangeError('A segment of another dimension or with other fields');
    }
    if (!segment.has('codes')) throw new RangeError('A segment without its codes');
    if (this.loaded.includes(segment)) return;
    this.grouping = undefined;
    this.takeOver(segment);
    this.loaded.push(segment);
    this.attached += 1;
    this.dropEmpty();
  }

  async search(request: SearchRequest): Promise<Hit[]> {
    const [hits = []] = await this.searchMany({ ...request, vectors: [request.vector] });
    return hits;
  }

  async searchMany(request: BatchRequest): Promise<Hit[][]> {
    const { topN, filter } = request;
    if (!Number.isInteger(topN) || topN < 1) throw new RangeError(`The top ${topN}`);
    const probes = request.vectors.map((vector) => new Probe(vector, this.spec.dimension));
    const plan = filter && planFilter(filter, this.spec.fields);
    for (let round = 1; ; ) {
      const { attached, changes } = this;
      const bound = new Map<Block, BoundFilter>();
      const { hits, isStale } = await this.searchOnce(probes, request, plan, bound);
      // Rows that moved to a segment may have been missed.
      if (this.attached !== attached) continue;
      if (this.changes === changes) return hits;
      const left = await runInSlices(this.stillHits(hits, bound));
      const areAll = left.every((list, i) => list.length === hits[i]!.length);
      if (round === rounds || (areAll && !isStale)) return left;
      round += 1;
    }
  }

  private async searchOnce(
    probes: readonly Probe[],
    request: BatchRequest,
    plan: Plan | undefined,
    bound: Map<Block, BoundFilter>,
  ): Promise<{ readonly hits: Hit[][]; readonly isStale: boolean }> {
    const { topN, minCosine, read, signal } = request;
    const found = await runInSlices(this.searchSteps(probes, request, plan, bound), undefined, signal);
    if ('hits' in found) return found;
    const isLive = (number: number) => this.has(number);
    const { rescored, isStale } = found;
    const hits: Hit[][] = [];
    // All of them draw from one generator, so that a few are read for at a time; the first failure ends it for all.
    const remaining = (function* () {
      yield* rescored.entries();
    })();
    const draw = async () => {
      for (const [at, one] of remaining) {
        signal?.throwIfAborted();
        if (one.absent.length > 0) await rescoreAbsent(one, isLive, read);
        hits[at] = await runInSlices(one.scored.best(topN, minCosine), undefined, signal);
      }
    };
    await Promise.all(Array.from({ length: readsAtOnce }, draw));
    return { hits, isStale };
  }

  private *searchSteps(
    probes: readonly Probe[],
    options: BatchRequest,
    plan: Plan | undefined,
    bound: Map<Block, BoundFilter>,
  ): Steps<Found> {
    const { topN, minCosine, groupBy } = options;
    const blocks = this.blocks();
    const matches: (Bitmap | undefined)[] = [];
    for (const block of plan ? blocks : []) matches.push(yield* this.matching(plan!, block, bound));
    if (groupBy) {
      const grouping = yield* this.groupingOf(blocks, plan ? matches : undefined, options.weightOf);
      return { hits: yield* searchGroups(grouping, probes, options), isStale: false };
    }
    if (this.size === 0) return { hits: probes.map(() => []), isStale: false };
    const searches = probes.map((probe) => ({ probe, candidates: new Candidates(topN, minCosine) }));
    const [first, ...others] = searches;
    if (first && others.length === 0 && !plan) yield* scanBlocks(blocks, first);
    else for (const [b, block] of blocks.entries()) yield* scanBlock(block, searches, matches[b]);
    const rescored: Rescored[] = [];
    for (const search of searches) rescored.push(yield* rescoreInMemory(search));
    const isStale = rescored.some((some) => some.isStale);
    if (rescored.some(({ absent }) => absent.length > 0)) return { rescored, isStale };
    const hits: Hit[][] = [];
    for (const { scored } of rescored) hits.push(yield* scored.best(topN, minCosine));
    return { hits, isStale };
  }

  /** Rows by person: of all rows as kept from the last search, unless something has changed since. */
  private *groupingOf(
    blocks: readonly Block[],
    matches: readonly (Bitmap | undefined)[] | undefined,
    weightOf: SearchRequest['weightOf'],
  ): Steps<Grouping> {
    const { dimension } = this.spec;
    if (matches !== undefined) return yield* groupRows(blocks, matches, dimension, weightOf);
    if (this.grouping !== undefined && this.grouping.weightOf === weightOf) return this.grouping.rows;
    const { appended, changes, attached } = this;
    const rows = yield* groupRows(blocks, [], dimension, weightOf);
    if (this.appended === appended && this.changes === changes && this.attached === attached) {
      this.grouping = { weightOf, rows };
    }
    return rows;
  }

  /** The rows of a block that match. @param bound takes the filter as it is bound to the block */
  private *matching(plan: Plan, block: Block, bound?: Map<Block, BoundFilter>): Steps<Bitmap> {
    const filter = yield* bindPlan(plan, block);
    bound?.set(block, filter);
    return yield* matchingRows(filter, block);
  }

  /** The hits that are there and pass the filter, where there is one. */
  private *stillHits(hits: readonly Hit[][], bound: ReadonlyMap<Block, BoundFilter>): Steps<Hit[][]> {
    const left: Hit[][] = [];
    for (const list of hits) {
      const kept: Hit[] = [];
      for (const hit of list) {
        const place = this.find(hit.number);
        const filter = place && bound.get(place.block);
        if (place && (!filter || isMatching(filter, place.block, place.row))) kept.push(hit);
        yield;
      }
      left.push(kept);
    }
    return left;
  }

  async match(filter: Filter): Promise<number[]> {
    const plan = planFilter(filter, this.spec.fields);
    for (;;) {
      const { attached } = this;
      const numbers = await runInSlices(this.numbersOf(plan));
      if (this.attached === attached) return numbers;
    }
  }

  numbers(): number[] {
    return runToEnd(this.numbersOf());
  }

  has(number: number): boolean {
    return this.find(number) !== undefined;
  }

  row(number: number): IndexedFace | undefined {
    const place = this.find(number);
    if (!place) return undefined;
    const { block, row } = place;
    if (!block.columns) throw new Error('The columns part of a segment is not in memory');
    return {
      number,
      faceId: block.columns.faceId(row),
      box: block.columns.box(row),
      externalImageId: block.columns.externalImageId.get(row) ?? '',
      fields: block.columns.fieldsOf(row),
    };
  }

  vector(number: number): Float32Array | undefined {
    const place = this.find(number);
    if (!place) return undefined;
    const { block, row } = place;
    const { dimension } = this.spec;
    return block.vectors?.slice(row * dimension, (row + 1) * dimension);
  }

  /** Rows known here move over to the segment, removed ones stay removed. */
  private takeOver(segment: LoadedSegment): void {
    const { firstNumber, lastNumber } = segment.plan;
    const ranges = [
      ...this.loaded.map((block) => ({
        block,
        lowest: block.plan.firstNumber,
        highest: block.plan.lastNumber,
      })),
      ...this.tails.map((block) => ({ block, lowest: block.lowest, highest: block.highest })),
    ];
    for (const { block, lowest, highest } of ranges) {
      if (lowest > lastNumber || highest < firstNumber) continue;
      for (let row = 0; row < block.rows; row += 1) {
        if (hasRow(block.alive, row) && segment.find(block.numberOf(row)) !== undefined) block.deleteRow(row);
      }
    }
    for (const number of this.removed) {
      const row = segment.find(number);
      if (row !== undefined) segment.deleteRow(row);
    }
  }

  private blocks(): Block[] {
    return [...this.loaded, ...this.tails];
  }

  /** A tail with room for a row. */
  private openTail(): Tail {
    const last = this.tails.at(-1)!;
    if (!last.isFull) return last;
    const next = new Tail(
      this.spec,
      this.tails.reduce((sum, { rows }) => sum + rows, 0),
    );
    this.tails.push(next);
    return next;
  }

  private find(number: number): { block: Block; row: number } | undefined {
    for (const block of this.tails) {
      const row = block.find(number);
      if (row !== undefined) return { block, row };
    }
    for (const block of this.loaded) {
      const row = block.find(number);
      if (row !== undefined) return { block, row };
    }
    return undefined;
  }

  private *numbersOf(plan?: Plan): Steps<number[]> {
    const lists: Float64Array[] = [];
    for (const block of this.blocks()) {
      const found = plan ? yield* this.matching(plan, block) : block.alive;
      const rows = rowsOf(found.subarray(0, Math.ceil(block.rows / 32)));
      lists.push(Float64Array.from(rows, (row) => block.numberOf(row)).sort());
      yield;
    }
    return yield* inOrder(lists);
  }

  private dropEmpty(): void {
    this.loaded = this.loaded.filter((segment) => segment.live > 0);
    this.tails = this.tails.filter((tail, i) => tail.live > 0 || i === this.tails.length - 1);
  }
}

function sameFields(a: IndexSpec['fields'], b: IndexSpec['fields']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
