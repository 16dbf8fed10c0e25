import { kernelWasm } from './wasm.generated.ts';
import { kernelWasm as sharedKernelWasm } from './wasm-shared.generated.ts';

/** The kernel's functions (packages/search/kernel); all arguments are byte addresses, counts, or single-precision figures. */
export interface Exports {
  scan(rows: number, start: number, end: number, probe: number, floor: number, out: number): number;
  scanList(
    ...args: [rows: number, list: number, count: number, probe: number, floor: number, out: number]
  ): number;
  scanMany(
    ...args: [
      ...range: [rows: number, start: number, end: number],
      ...queries: [queries: number, count: number, units: number, floors: number],
      ...out: [out: number, room: number, counts: number],
    ]
  ): void;
  rotate(matrix: number, width: number, vectors: number, count: number, out: number): void;
  turn(matrix: number, dimension: number, query: number, out: number): void;
  rescore(vectors: number, dimension: number, rows: number, count: number, query: number, out: number): void;
  hashBegin(state: number): void;
  hashMore(state: number, at: number, length: number): void;
  hashEnd(state: number, total: number, at: number, length: number): bigint;
}

const compiled = new Map<string, WebAssembly.Module>();

function compile(wasm: string): WebAssembly.Module {
  const known = compiled.get(wasm);
  if (known !== undefined) return known;
  const module = new WebAssembly.Module(Buffer.from(wasm, 'base64'));
  compiled.set(wasm, module);
  return module;
}

/** The kernel over memories that threads share; compiled once (a few kilobytes: in a millisecond). */
export const sharedModule = (): WebAssembly.Module => compile(sharedKernelWasm);

/** The kernel over a new memory of at least so many bytes. */
export function instantiate(
  bytes: number,
  isShared: boolean,
): { memory: WebAssembly.Memory; exports: Exports } {
  const initial = Math.ceil(bytes / 65_536);
  const memory = new WebAssembly.Memory(isShared ? { initial, maximum: initial, shared: true } : { initial });
  const module = isShared ? sharedModule() : compile(kernelWasm);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, exports: exports as unknown as Exports };
}
