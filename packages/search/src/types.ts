import type { FieldSchema, FieldValues, Filter } from '@openfrs/contract';

/** A face's box, integer pixels. */
export interface BoundingBox {
  readonly topLeftX: number;
  readonly topLeftY: number;
  readonly width: number;
  readonly height: number;
}

/** What an index knows of a face besides its vector. */
export interface IndexedFace {
  /** The order of adding: a safe integer ≥ 0, unique in the set, never used again. Ties go to the lower one. */
  readonly number: number;
  /** 8 letters, unique in the set. */
  readonly faceId: string;
  readonly box: BoundingBox;
  readonly externalImageId: string;
  readonly fields: FieldValues;
}

/** What of a face may change: what is given is replaced, `fields` as a whole. */
export interface RowChange {
  readonly externalImageId?: string;
  readonly fields?: FieldValues;
}

export interface FaceRow extends IndexedFace {
  /** Finite numbers, the index's dimension; of any length but meant to be unit. */
  readonly vector: Float32Array;
}

export interface IndexSpec {
  /** 64..1024 */
  readonly dimension: number;
  readonly fields: FieldSchema;
}

export interface SearchOptions {
  /** ≥ 1 */
  readonly topN: number;
  /** Hits at or above it only; -1: all. */
  readonly minCosine: number;
  readonly filter?: Filter;
  /**
   * One hit a person: all (matching) rows with the same external_image_id are one template, the normalised mean of their
   * normalised vectors, weighted by `weightOf`; `number` is the person's row most like the query.
   */
  readonly groupBy?: 'external_image_id';
  /** How much a row counts in its person's template, > 0; its vector begins at `at`. Default: all the same. */
  readonly weightOf?: (vectors: Float32Array, at: number) => number;
  /** How rescoring gets at vectors that aren't in memory. */
  readonly read?: VectorReader;
  /** Ends the search where nobody waits for it any more: it throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface SearchRequest extends SearchOptions {
  readonly vector: Float32Array;
}

export interface BatchRequest extends SearchOptions {
  readonly vectors: readonly Float32Array[];
}

export interface Hit {
  readonly number: number;
  /** [-1, 1], in double precision over the float32 vectors; 0 where either vector is zero. */
  readonly cosine: number;
}

/**
 * Reads the float32 vectors of rows by their numbers: from the records, as a segment's checksum covers its vectors as a
 * whole. One for each number, in their order; undefined for a face that is no more.
 */
export type VectorReader = (numbers: readonly number[]) => Promise<readonly (Float32Array | undefined)[]>;

/** The three byte ranges of a segment file, in the file's order (FORMAT.md). */
export const segmentParts = ['codes', 'columns', 'vectors'] as const;
export type SegmentPart = (typeof segmentParts)[number];

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** What the first `segmentHeaderBytes` of a segment file say. */
export interface SegmentPlan extends IndexSpec {
  readonly rows: number;
  /** Of the whole file. */
  readonly byteLength: number;
  readonly parts: Readonly<Record<SegmentPart, ByteRange>>;
  /** Lowest and highest number; -1 both when there are no rows. */
  readonly firstNumber: number;
  readonly lastNumber: number;
}

/**
 * A segment in memory. It belongs to at most one index, which changes it (removed rows, updated fields);
 * the file it came from never changes. Fill it by `write` in any order and from any number of readers, and
 * `finish` each part once all its bytes are there.
 */
export interface Segment {
  readonly plan: SegmentPlan;
  /** Bytes of memory in use by the parts that are there. */
  readonly bytes: number;
  /**
   * Takes bytes of the file at that offset; bytes of the header are skipped. They may be kept as they lie, so they must not
   * change afterwards.
   * @throws RangeError beyond the file
   */
  write(offset: number, bytes: Uint8Array): void;
  /** Verifies the part's checksum and opens it. @throws SegmentDamaged */
  finish(part: SegmentPart): void;
  /** The same, a slice of it in each turn of the event loop; all of the part must have been written. */
  finishInSlices(part: SegmentPart): Promise<void>;
  has(part: SegmentPart): boolean;
}

export interface FaceIndex {
  readonly spec: IndexSpec;
  /** Live rows. */
  readonly size: number;
  /** Bytes of memory in use: vectors, codes and columns, of segments and tail. */
  readonly bytes: number;
  /** The segments that still hold a live row. */
  readonly segments: readonly Segment[];
  /** Rows in memory outside of segments (live ones). */
  readonly tailSize: number;

  /**
   * Adds rows to the tail. A row whose number is already there, or was removed, is left as it is: appending twice is harmless.
   * @throws RangeError a vector of another dimension or with a number that is not finite
   */
  append(rows: readonly FaceRow[]): void;
  /** Removes a row for good: the number is never found again, even when an older segment with it is attached later. False where it wasn't there. */
  remove(number: number): boolean;
  /** Replaces what is given (`fields` whole, not merged). False where the number isn't there. */
  update(number: number, change: RowChange): boolean;
  /**
   * Adds a segment whose `codes` part is there. Rows that the index has already move over, and are from then on as the segment has them:
   * apply what it doesn't know in the same tick. Removed numbers stay removed. Until `vectors` is there, searches need a `read` and
   * groups throw; until `columns` is, filters, groups and `row` throw.
   * @throws RangeError another dimension or other fields
   */
  attach(segment: Segment): void;

  /**
   * The most similar first; ties by number. Exact: as brute force in double precision. Short searches are done in the turn
   * of the event loop of the call, but for reading vectors; long ones in slices. A row that is there and unchanged all the
   * time is found if it is among the best; each hit is there and passes the filter at the end. Where vectors are read, faces that
   * are no more are left out, and what they had pushed aside may be missing.
   * @throws RangeError
   */
  search(request: SearchRequest): Promise<Hit[]>;
  /** Several queries in one pass over the rows: one list of hits for each, in their order. */
  searchMany(request: BatchRequest): Promise<Hit[][]>;

  /**
   * The numbers of all rows that match, ascending. Of rows that change meanwhile, each is there as it was at some moment
   * since the call.
   * @throws RangeError
   */
  match(filter: Filter): Promise<number[]>;
  has(number: number): boolean;
  /** The row's record, or undefined. */
  row(number: number): IndexedFace | undefined;
  /** The row's vector (a copy); undefined where it isn't there or isn't in memory. */
  vector(number: number): Float32Array | undefined;
  /** All live numbers, ascending. */
  numbers(): number[];
}
