import { kernelWasm } from './wasm.generated.ts';

/** Rows of one call at most: as many pairs fit the output area. */
export const maxChunk = 8192;
/** Bytes behind the rows that the kernel reads ahead into (it never uses them): kernel/scan.ts. */
export const readAhead = 4096;
/** The kernel's own area at the start of each memory: query, list of rows, output. */
const queryAt = 1024;
const listAt = queryAt + 1024 * 2;
const outAt = listAt + maxChunk * 4;
export const workBytes = Math.ceil((outAt + maxChunk * 8) / 65_536) * 65_536;

interface Exports {
  scan(
    ...args: [
      codes: number,
      stride: number,
      scales: number,
      errors: number,
      start: number,
      end: number,
      query: number,
      unit: number,
      floor: number,
      out: number,
    ]
  ): number;
  scanList(...args: Parameters<Exports['scan']>): number;
  xxh64(at: number, length: number): bigint;
}

let compiled: WebAssembly.Module | undefined;

/** Where a block's quantised rows lie in the kernel's memory (byte addresses), and the bytes of a row. */
export interface RowAddresses {
  readonly codes: number;
  readonly scales: number;
  readonly errors: number;
  readonly stride: number;
}

/** The WASM kernel over one memory: an area of its own at the start, the caller's data from `workBytes` on. */
export class Kernel {
  readonly buffer: ArrayBuffer;
  /** What a scan found, as pairs: the row (or its place in the list), then in `estimates` its estimated cosine. */
  readonly found: Int32Array;
  readonly estimates: Float32Array;
  private readonly exports: Exports;
  private readonly query: Int16Array;
  private readonly list: Int32Array;

  /** @param bytes of the caller's data */
  constructor(bytes: number) {
    compiled ??= new WebAssembly.Module(Buffer.from(kernelWasm, 'base64'));
    const memory = new WebAssembly.Memory({ initial: Math.ceil((workBytes + bytes + readAhead) / 65_536) });
    this.buffer = memory.buffer;
    this.exports = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Exports;
    this.query = new Int16Array(this.buffer, queryAt, 1024);
    this.list = new Int32Array(this.buffer, listAt, maxChunk);
    this.found = new Int32Array(this.buffer, outAt, maxChunk * 2);
    this.estimates = new Float32Array(this.buffer, outAt, maxChunk * 2);
  }

  setQuery(query: Int16Array): void {
    this.query.set(query);
  }

  /** Rows [start, end), both multiples of 4, at most `maxChunk`: how many reach the floor. */
  scan(rows: RowAddresses, start: number, end: number, unit: number, floor: number): number {
    return this.exports.scan(
      ...[rows.codes, rows.stride, rows.scales, rows.errors, start, end, queryAt, unit, floor, outAt],
    );
  }

  /** The listed rows, at most `maxChunk`: how many reach the floor; `found` has their places in the list. */
  scanList(rows: RowAddresses, list: Int32Array, unit: number, floor: number): number {
    this.list.set(list);
    const padded = (list.length + 3) & ~3;
    this.list.fill(list[list.length - 1]!, list.length, padded);
    return this.exports.scanList(
      ...[rows.codes, rows.stride, rows.scales, rows.errors, listAt, padded, queryAt, unit, floor, outAt],
    );
  }

  /** XXH64 of bytes of this memory. */
  hash(at: number, length: number): bigint {
    return BigInt.asUintN(64, this.exports.xxh64(at, length));
  }
}
