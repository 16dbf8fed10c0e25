import { kernelWasm } from './wasm.generated.ts';

/** The kernel's functions (packages/search/kernel); all arguments are byte addresses, counts, or single-precision figures. */
export interface Exports {
  scan(
    ...args: [
      ...rows: [codes: number, stride: number, scales: number, errors: number],
      ...range: [start: number, end: number],
      ...query: [query: number, unit: number, floor: number],
      out: number,
    ]
  ): number;
  scanList(
    ...args: [
      ...rows: [codes: number, stride: number, scales: number, errors: number],
      ...list: [rows: number, count: number],
      ...query: [query: number, unit: number, floor: number],
      out: number,
    ]
  ): number;
  scanMany(
    ...args: [
      ...rows: [codes: number, stride: number, scales: number, errors: number],
      ...range: [start: number, end: number],
      ...queries: [queries: number, count: number, units: number, floors: number],
      ...out: [out: number, room: number, counts: number],
    ]
  ): void;
  rescore(vectors: number, dimension: number, rows: number, count: number, query: number, out: number): void;
  hashBegin(state: number): void;
  hashMore(state: number, at: number, length: number): void;
  hashEnd(state: number, total: number, at: number, length: number): bigint;
}

let compiled: WebAssembly.Module | undefined;

/** The kernel over a new memory of at least so many bytes; compiled once (a few kilobytes: in a millisecond). */
export function instantiate(bytes: number): { memory: WebAssembly.Memory; exports: Exports } {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelWasm, 'base64'));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return { memory, exports: exports as unknown as Exports };
}
