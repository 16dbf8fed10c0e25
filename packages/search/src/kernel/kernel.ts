import { runToEnd, type Steps } from '@openfrs/contract/steps';
import type { Planes } from '../planes.ts';
import type { BlockProbe } from '../quantise.ts';
import { type Exports, instantiate } from './instantiate.ts';

/** Rows of one call at most, so that all of them may leave; for several queries at once. */
export const maxChunk = 8192;
export const maxChunkMany = 1024;
/** Queries of one pass at most. */
export const maxQueries = 16;
/** Bytes behind the rows that the kernel reads ahead into (it never uses them): kernel/ahead.ts. */
const readAhead = 4096;

/** The kernel's own area at the start of each memory: a hash's state, figures, a block's places, queries, list of rows, output. */
const hashAt = 256;
/** Of a hash's state: kernel/hash.ts. */
const hashBytes = 32;
const unitsAt = 512;
const floorsAt = unitsAt + maxQueries * 4;
const countsAt = floorsAt + maxQueries * 4;
const rowsAt = countsAt + maxQueries * 4;
/** What the kernel is told of a block: kernel/block.ts. */
const rowsBytes = 9 * 4;
/** A query's figures, in front of its numbers. */
export const figuresBytes = 16;
const queryAt = 1024;
const probeAt = queryAt - figuresBytes;
const listAt = queryAt + maxQueries * 1024 * 2;
const outAt = listAt + maxChunk * 4;
/** A pair of a row and a figure is 8 bytes; rescoring gives two doubles a row. */
const roomOfOne = maxChunkMany * 8;
const outBytes = Math.max(maxChunk * 16, maxQueries * roomOfOne);
export const workBytes = Math.ceil((outAt + outBytes) / 65_536) * 65_536;

/** Room in each memory that only a call's results use: nothing stays there across a pause. A multiple of 32 bytes. */
export const scratch = { at: outAt, bytes: outBytes } as const;

/** The work area of another thread, at the end of a shared memory: a block's places, its query with its figures, its output. */
const otherProbeAt = 64;
const otherOutAt = otherProbeAt + figuresBytes + 1024 * 2;
const otherBytes = otherOutAt + maxChunk * 8;

/** A memory that threads share: where the one that isn't its kernel's has what it tells the kernel, and its output. */
export interface SharedMemory {
  readonly memory: WebAssembly.Memory;
  readonly rowsAt: number;
  readonly probeAt: number;
  readonly outAt: number;
  /** As many bytes, of which none is ever touched, so that no memory is behind them. */
  readonly counted: ArrayBuffer;
}

/** Where a block's quantised rows lie in the kernel's memory (byte addresses), and a row's bytes in each plane. */
export interface RowAddresses {
  readonly planes: Planes;
  readonly bytes: Planes;
  readonly scales: number;
  readonly errors: number;
  /** Any address that can be read where there is one plane only. */
  readonly remainders: number;
}

/** A block's places as the kernel reads them. */
export const wordsOf = ({ planes, bytes, scales, errors, remainders }: RowAddresses): number[] => [
  ...planes,
  ...bytes,
  scales,
  errors,
  remainders,
];

/**
 * V8 doesn't count shared memory, and so would never collect for its sake. It does count the buffer beside it, which is freed
 * with it: a resizable one, for whose bytes address space is reserved, and nothing more.
 */
function sharedMemory(memory: WebAssembly.Memory, rowsAt: number): SharedMemory {
  const { byteLength } = memory.buffer;
  const counted = new ArrayBuffer(byteLength, { maxByteLength: byteLength });
  return { memory, rowsAt, probeAt: rowsAt + otherProbeAt, outAt: rowsAt + otherOutAt, counted };
}

/** The WASM kernel over one memory: an area of its own at the start, the caller's data from `workBytes` on. */
export class Kernel {
  readonly buffer: ArrayBuffer;
  /** What a scan found, as pairs: the row (or its place in the list), then in `estimates` its estimated cosine. */
  readonly found: Int32Array;
  readonly estimates: Float32Array;
  /** Where another thread may work on the memory; undefined where the memory isn't shared. */
  readonly shared: SharedMemory | undefined;
  private readonly exports: Exports;
  private readonly query: Int16Array;
  private readonly figures: Float32Array;
  private readonly rows: Uint32Array;
  private readonly list: Int32Array;

  /**
   * @param bytes of the caller's data
   * @param isShared can other threads scan it?
   */
  constructor(bytes: number, isShared = false) {
    const own = Math.ceil((workBytes + bytes + readAhead) / 64) * 64;
    const { memory, exports } = instantiate(own + (isShared ? otherBytes : 0), isShared);
    this.buffer = memory.buffer;
    this.shared = isShared ? sharedMemory(memory, own) : undefined;
    this.exports = exports;
    this.query = new Int16Array(this.buffer, queryAt, maxQueries * 1024);
    this.figures = new Float32Array(this.buffer, probeAt, figuresBytes / 4);
    this.rows = new Uint32Array(this.buffer, rowsAt, rowsBytes / 4);
    this.list = new Int32Array(this.buffer, listAt, maxChunk);
    this.found = new Int32Array(this.buffer, outAt, outBytes / 4);
    this.estimates = new Float32Array(this.buffer, outAt, outBytes / 4);
  }

  setQuery({ ints, unit, lengths }: BlockProbe): void {
    this.query.set(ints);
    this.figures.set([unit, ...lengths]);
  }

  /** Rows [start, end), both multiples of 4, at most `maxChunk`: how many reach the floor. */
  scan(rows: RowAddresses, start: number, end: number, floor: number): number {
    this.rows.set(wordsOf(rows));
    return this.exports.scan(rowsAt, start, end, probeAt, floor, outAt);
  }

  /** The listed rows, at most `maxChunk`: how many reach the floor; `found` has their places in the list. */
  scanList(rows: RowAddresses, list: Int32Array, floor: number): number {
    this.rows.set(wordsOf(rows));
    this.list.set(list);
    const padded = (list.length + 3) & ~3;
    this.list.fill(list[list.length - 1]!, list.length, padded);
    return this.exports.scanList(rowsAt, listAt, padded, probeAt, floor, outAt);
  }

  /** At most `maxQueries`, interleaved as the kernel wants them: eight numbers of each of four in turn. */
  setQueries(probes: readonly BlockProbe[], stride: number): void {
    this.query.fill(0, 0, Math.ceil(probes.length / 4) * 4 * stride);
    for (const [q, { ints }] of probes.entries()) {
      const group = (q >> 2) * 4 * stride;
      for (let i = 0; i < stride; i += 8) {
        this.query.set(ints.subarray(i, i + 8), group + i * 4 + (q & 3) * 8);
      }
    }
    const units = new Float32Array(this.buffer, unitsAt, maxQueries).fill(0);
    for (const [q, { unit }] of probes.entries()) units[q] = unit;
  }

  /**
   * Rows [start, end), both multiples of 4, at most `maxChunkMany`, for the queries set: how many reach each
   * query's floor. Query q's pairs start at `found[q * maxChunkMany * 2]`.
   */
  scanMany(rows: RowAddresses, start: number, end: number, floors: readonly number[]): Uint32Array {
    this.rows.set(wordsOf(rows));
    const count = Math.ceil(floors.length / 4) * 4;
    const all = new Float32Array(this.buffer, floorsAt, maxQueries).fill(Number.POSITIVE_INFINITY);
    all.set(floors);
    this.exports.scanMany(
      ...([rowsAt, start, end, queryAt, count, unitsAt, floorsAt] as const),
      ...([outAt, roomOfOne, countsAt] as const),
    );
    return new Uint32Array(this.buffer, countsAt, floors.length);
  }

  /**
   * Multiplies vectors with a square matrix, in single precision: see kernel/rotate.ts.
   * @param matrixAt address of `width` × `width` float32, line by line; `width` a multiple of 4
   * @param vectorsAt address of `count` × `width` float32, `count` a multiple of 4
   * @param productsAt address of as many
   */
  rotate(matrixAt: number, width: number, vectorsAt: number, count: number, productsAt: number): void {
    this.exports.rotate(matrixAt, width, vectorsAt, count, productsAt);
  }

  /**
   * The inner products of a square matrix's lines with a vector, in double precision: see kernel/turn.ts. The answer is a view, valid
   * until the next call.
   * @param matrixAt address of as many lines of float32 as the vector has numbers
   */
  turn(matrixAt: number, vector: Float64Array): Float64Array {
    new Float64Array(this.buffer, queryAt, vector.length).set(vector);
    this.exports.turn(matrixAt, vector.length, queryAt, outAt);
    return new Float64Array(this.buffer, outAt, vector.length);
  }

  /**
   * The listed rows' inner products with the query and with themselves, in turn, as `dot` gives them; at most
   * `maxChunk` rows. The answer is a view, valid until the next call.
   * @param vectorsAt address of the float32 vectors
   */
  rescore(vectorsAt: number, list: Int32Array, query: Float32Array): Float64Array {
    this.list.set(list);
    new Float64Array(this.buffer, queryAt, query.length).set(query);
    this.exports.rescore(vectorsAt, query.length, listAt, list.length, queryAt, outAt);
    return new Float64Array(this.buffer, outAt, list.length * 2);
  }

  /**
   * XXH64 of bytes that are brought to this memory one stretch after another.
   * @param length of all of them
   * @param stretches yields how many bytes lie at which address now: multiples of 32, except for the last
   */
  hash(length: number, stretches: Iterable<readonly [at: number, length: number]>): bigint {
    return runToEnd(this.hashSteps(length, stretches));
  }

  /** The same with a pause after each stretch but the last; meanwhile others may use this memory. */
  *hashSteps(length: number, stretches: Iterable<readonly [at: number, length: number]>): Steps<bigint> {
    this.exports.hashBegin(hashAt);
    const state = new Uint8Array(this.buffer, hashAt, hashBytes);
    let rest: [at: number, length: number] = [0, 0];
    let hashed = 0;
    for (const [at, bytes] of stretches) {
      const whole = bytes & ~31;
      this.exports.hashMore(hashAt, at, whole);
      rest = [at + whole, bytes - whole];
      hashed += bytes;
      if (hashed === length) break;
      const kept = state.slice();
      if (yield) state.set(kept);
    }
    return BigInt.asUintN(64, this.exports.hashEnd(hashAt, length, ...rest));
  }
}
