import type { MessagePort } from 'node:worker_threads';

/** What the thread that owns a video is started with. */
export interface WasmWorkerData {
  readonly video: Uint8Array;
  /** Path of `@ffmpeg/core`'s CommonJS file. */
  readonly corePath: string;
  readonly wasm: WebAssembly.Module;
  /** One Int32: chunks that the host has dealt with. */
  readonly dealtWith: SharedArrayBuffer;
  /** Chunks' memory (ArrayBuffer) that comes back from the host, to be written again; read without waiting. */
  readonly spares: MessagePort;
  /** Chunks that may be under way. */
  readonly ahead: number;
  /** That the core may take in all. */
  readonly memoryBytes: number;
}

/** Host to worker; one command at a time. */
export type WasmCommand =
  | { readonly kind: 'ffprobe'; readonly args: readonly string[] }
  | { readonly kind: 'ffmpeg'; readonly args: readonly string[]; readonly chunkBytes: number };

/** Worker to host. */
export type WasmEvent =
  | { readonly kind: 'ready'; readonly thread: string | undefined }
  | { readonly kind: 'probed'; readonly output: string }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'exited'; readonly code: number };

export const INPUT = '/input';
export const OUTPUT = '/output';
