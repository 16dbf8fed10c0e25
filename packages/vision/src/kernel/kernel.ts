import { kernelWasm } from './wasm.generated.ts';

/** The functions of packages/vision/kernel; addresses and lengths in bytes unless said otherwise there. */
interface Exports {
  warp(
    ...args: [
      ...part: [source: number, step: number, left: number, top: number, columns: number, rows: number],
      ...picture: [wide: number, high: number],
      ...map: [a: number, b: number, tx: number, c: number, d: number, ty: number],
      ...crop: [out: number, width: number, height: number, spare: number],
    ]
  ): void;
  halve(source: number, width: number, height: number, row: number, out: number): void;
  shrink(
    ...args: [
      ...picture: [source: number, width: number],
      ...result: [out: number, columns: number, rows: number],
      ...weights: [across: number, acrossPairs: number, down: number, downPairs: number],
      row: number,
    ]
  ): void;
  mirror(source: number, width: number, height: number, out: number): void;
  luma(source: number, count: number, out: number): void;
  edges(
    ...args: [
      ...picture: [grey: number, width: number, height: number],
      ...margins: [x: number, y: number],
      out: number,
    ]
  ): void;
  brightness(grey: number, count: number): number;
  light(
    ...args: [
      ...part: [grey: number, width: number, left: number, right: number, top: number, bottom: number],
      ...limits: [dark: number, bright: number],
      ...histograms: [bins: number, out: number],
    ]
  ): void;
  mean(
    ...args: [
      source: number,
      width: number,
      ...part: [left: number, top: number, columns: number, rows: number],
      out: number,
    ]
  ): void;
  reorder(source: number, count: number, bytes: number, out: number): void;
  indices(source: number, count: number, bits: number, out: number): void;
  convert(pixels: number, count: number, light: number, encoded: number, last: number): void;
  palette(source: number, count: number, colours: number, entries: number, out: number): number;
}

export interface Kernel {
  readonly run: Exports;
  /** The memory's bytes; views of it are gone with the next job. */
  readonly bytes: Uint8Array;
}

const pageBytes = 65_536;
const memory = new WebAssembly.Memory({ initial: 1 });
let run: Exports | undefined;
let bytes = new Uint8Array(memory.buffer);

/**
 * The loops over pixels that sharp and onnxruntime don't do (packages/vision/kernel), over one memory of at least `size` bytes. It belongs to
 * the caller from address 0 on until it waits for something: a job copies its pixels in, runs and copies the result out.
 */
export function kernel(size: number): Kernel {
  run ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(kernelWasm, 'base64')), {
    env: { memory },
  }).exports as unknown as Exports;
  if (size > bytes.length) {
    memory.grow(Math.ceil((size - bytes.length) / pageBytes));
    bytes = new Uint8Array(memory.buffer);
  }
  return { run, bytes };
}
