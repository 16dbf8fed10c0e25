import type { FieldValues, Filter } from '@openfrs/contract';
import type { Block } from './block.ts';
import { Candidates } from './candidates.ts';
import { encodeFaceId } from './columns/columns.ts';
import { rowsOf } from './filter/bitmap.ts';
import { matchingRows } from './filter/evaluate.ts';
import { searchGroups } from './group.ts';
import { checkVector, probeOf } from './quantise.ts';
import { rescore } from './rescore.ts';
import { scanBlock } from './scan.ts';
import { LoadedSegment } from './segment.ts';
import { Tail } from './tail.ts';
import type {
  BatchRequest,
  FaceIndex,
  FaceRecord,
  FaceRow,
  Hit,
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

class MemoryIndex implements FaceIndex {
  readonly spec: IndexSpec;
  private readonly tail: Tail;
  private loaded: LoadedSegment[] = [];
  private readonly removed = new Set<number>();

  constructor(spec: IndexSpec) {
    this.spec = spec;
    this.tail = new Tail(spec);
  }

  get size(): number {
    return this.blocks().reduce((sum, block) => sum + block.live, 0);
  }

  get bytes(): number {
    return this.blocks().reduce((sum, block) => sum + block.bytes, this.removed.size * 32);
  }

  get segments(): readonly Segment[] {
    return this.loaded;
  }

  get tailSize(): number {
    return this.tail.live;
  }

  append(rows: readonly FaceRow[]): void {
    for (const row of rows) {
      if (!Number.isSafeInteger(row.number) || row.number < 0) throw new RangeError(`Number ${row.number}`);
      checkVector(row.vector, this.spec.dimension);
      encodeFaceId(row.faceId);
    }
    for (const row of rows) {
      if (!this.removed.has(row.number) && !this.find(row.number)) this.tail.append(row);
    }
  }

  remove(number: number): boolean {
    this.removed.add(number);
    const place = this.find(number);
    if (!place) return false;
    place.block.kill(place.row);
    this.dropEmpty();
    return true;
  }

  update(
    number: number,
    change: { readonly externalImageId?: string; readonly fields?: FieldValues },
  ): boolean {
    const place = this.find(number);
    place?.block.update(place.row, change);
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
    if (this.meets(segment)) this.takeOver(segment);
    this.loaded.push(segment);
    this.dropEmpty();
  }

  async search(request: SearchRequest): Promise<Hit[]> {
    const [hits = []] = await this.searchMany({ ...request, vectors: [request.vector] });
    return hits;
  }

  async searchMany(request: BatchRequest): Promise<Hit[][]> {
    const { topN, minCosine, filter, groupBy, read } = request;
    if (!Number.isInteger(topN) || topN < 1) throw new RangeError(`The top ${topN}`);
    const probes = request.vectors.map((vector) => probeOf(vector, this.spec.dimension));
    const blocks = this.blocks();
    const matches = blocks.map((block) => filter && matchingRows(filter, block));
    if (groupBy) return searchGroups(blocks, matches, probes, request);
    const isThere = (number: number) => this.has(number);
    const best = Math.min(topN, this.size);
    if (best === 0) return probes.map(() => []);
    const searches = probes.map((probe) => ({ probe, candidates: new Candidates(best, minCosine) }));
    for (const [b, block] of blocks.entries()) scanBlock(block, searches, matches[b]);
    return Promise.all(searches.map((search) => rescore(search, topN, minCosine, isThere, read)));
  }

  match(filter: Filter): number[] {
    return this.numbersOf((block) => matchingRows(filter, block));
  }

  numbers(): number[] {
    return this.numbersOf((block) => block.alive);
  }

  has(number: number): boolean {
    return this.find(number) !== undefined;
  }

  row(number: number): FaceRecord | undefined {
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

  /** May any of the segment's numbers be known here? */
  private meets({ plan }: LoadedSegment): boolean {
    const { firstNumber, lastNumber } = plan;
    const overlaps = this.loaded.some(
      (other) => other.plan.firstNumber <= lastNumber && other.plan.lastNumber >= firstNumber,
    );
    return overlaps || this.tail.live > 0 || this.removed.size > 0;
  }

  /** Rows known here move over to the segment, removed ones stay removed. */
  private takeOver(segment: LoadedSegment): void {
    for (let row = 0; row < segment.rows; row += 1) {
      const number = segment.numbers[row]!;
      const place = this.find(number);
      if (place) place.block.kill(place.row);
      else if (this.removed.has(number)) segment.kill(row);
    }
  }

  private blocks(): Block[] {
    return [...this.loaded, this.tail];
  }

  private find(number: number): { block: Block; row: number } | undefined {
    const inTail = this.tail.find(number);
    if (inTail !== undefined) return { block: this.tail, row: inTail };
    for (const block of this.loaded) {
      const row = block.find(number);
      if (row !== undefined) return { block, row };
    }
    return undefined;
  }

  private numbersOf(rows: (block: Block) => Uint32Array): number[] {
    const numbers = this.blocks().flatMap((block) =>
      Array.from(rowsOf(rows(block).subarray(0, Math.ceil(block.rows / 32))), (row) => block.numbers[row]!),
    );
    return numbers.sort((a, b) => a - b);
  }

  private dropEmpty(): void {
    this.loaded = this.loaded.filter((segment) => segment.live > 0);
  }
}

function sameFields(a: IndexSpec['fields'], b: IndexSpec['fields']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
