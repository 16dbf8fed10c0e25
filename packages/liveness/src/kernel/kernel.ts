import { kernelWasm } from './wasm.generated.ts';

/** The functions of packages/liveness/kernel; addresses in bytes, what they point to is said there. */
interface Exports {
  boxes(picture: number, side: number, first: number, second: number, third: number, room: number): void;
  blur(picture: number, side: number, weights: number, reach: number, room: number): void;
  moved(source: number, x: number, y: number, side: number, out: number): void;
  along(source: number, x: number, y: number, own: number, side: number, out: number): void;
  between(grid: number, nodes: number, side: number, out: number): void;
  flow(
    ...args: [
      ...pictures: [source: number, target: number, counts: number, side: number],
      ...field: [x: number, y: number],
      room: number,
    ]
  ): void;
  compare(
    ...args: [
      ...pictures: [from: number, to: number, side: number],
      ...basis: [pixels: number, count: number, bases: number, terms: number, depth: number],
      ...map: [warp: number],
      ...results: [seen: number, out: number],
    ]
  ): number;
  normal(
    ...args: [
      ...compared: [seen: number, n: number, gain: number, meanFrom: number, meanTo: number],
      ...basis: [bases: number, terms: number, products: number, pairs: number, count: number, depth: number],
      ...results: [room: number, out: number],
    ]
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/**
 * The loops of registration, over a memory of its own that is zero and has at least `size` bytes. It is the caller's alone; what runs in it
 * waits for nothing.
 */
export function createKernel(size: number): { readonly run: Exports; readonly memory: ArrayBuffer } {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelWasm, 'base64'));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / 65_536) });
  const run = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Exports;
  return { run, memory: memory.buffer };
}
