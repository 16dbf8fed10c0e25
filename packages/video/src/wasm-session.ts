import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { FrsError } from '@openfrs/contract';
import { cpuMsOf } from './cpu-time.ts';
import type { FfmpegSession } from './decoder.ts';
import { limits } from './limits.ts';
import { INPUT, OUTPUT, type WasmCommand, type WasmEvent, type WasmWorkerData } from './wasm-messages.ts';
import { workerCode } from './worker-build.ts';

export interface WasmPaths {
  /** `@ffmpeg/core`'s CommonJS file; `ffmpeg-core.wasm` lies beside it. Absent: the package's. */
  readonly corePath?: string;
  /** The worker as `buildWorkerCode` made it; absent: it is built from its source. */
  readonly workerPath?: string;
}

/** Where the GPL'd core lies: it is never bundled, and any build of it may be put in its place. */
export function resolveCore(paths: WasmPaths = {}): string {
  const { corePath: given } = paths;
  if (given === undefined) return createRequire(import.meta.url).resolve('@ffmpeg/core');
  return given.endsWith('.js') || given.endsWith('.cjs') ? given : join(given, 'ffmpeg-core.js');
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** Compiled once a process (0.1 to 0.4 s); a failure is not kept. */
export function compileCore(corePath: string): Promise<WebAssembly.Module> {
  const known = compiled.get(corePath);
  if (known !== undefined) return known;
  const compiling = readFile(join(dirname(corePath), 'ffmpeg-core.wasm')).then((bytes) =>
    WebAssembly.compile(bytes),
  );
  compiled.set(corePath, compiling);
  compiling.catch(() => compiled.delete(corePath));
  return compiling;
}

/** A thread of its own for one video: closing it ends whatever the file made FFmpeg do. */
export async function openWasmSession(video: Uint8Array, paths: WasmPaths = {}): Promise<FfmpegSession> {
  const corePath = resolveCore(paths);
  const code = await workerCode(paths.workerPath);
  const dealtWith = new SharedArrayBuffer(4);
  const { port1: back, port2: spares } = new MessageChannel();
  const workerData: WasmWorkerData = {
    video,
    corePath,
    wasm: await compileCore(corePath),
    dealtWith,
    spares,
    ahead: limits.ahead,
    memoryBytes: limits.memoryBytes,
  };
  const worker = new Worker(code, {
    eval: true,
    workerData,
    transferList: [spares],
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 256 },
    stdout: true,
    stderr: true,
  });

  let onEvent: (event: WasmEvent) => void = () => {};
  let fail: (error: Error) => void = () => {};
  let ended: Error | undefined;
  const end = (error: Error) => {
    ended ??= error;
    fail(ended);
  };
  worker.on('message', (event: WasmEvent) => onEvent(event));
  const ready = new Promise<string | undefined>((resolve, reject) => {
    fail = reject;
    onEvent = (event) => resolve(event.kind === 'ready' ? event.thread : undefined);
  });
  // Until it is ready an error is ours (a missing file); afterwards the video's.
  let started = false;
  worker.on('error', (cause) => {
    const why = started ? new FrsError('FRS.0701', undefined, { cause }) : undefined;
    end(why ?? new Error("The video worker doesn't start.", { cause }));
  });
  worker.on('exit', () => end(started ? new FrsError('FRS.0701') : new Error('The video worker ended.')));
  const thread = await ready;
  started = true;

  /** Sends a command; resolves when `finish` was called. */
  function ask<T>(command: WasmCommand, handle: (event: WasmEvent, finish: (value: T) => void) => void) {
    return new Promise<T>((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      fail = reject;
      onEvent = (event) => handle(event, resolve);
      worker.postMessage(command);
    });
  }

  return {
    input: INPUT,
    output: OUTPUT,
    ffprobe: (args) =>
      ask<string>({ kind: 'ffprobe', args }, (event, finish) => {
        if (event.kind === 'probed') finish(event.output);
      }),
    ffmpeg: (args, frameBytes, onData, log) => {
      let queue = Promise.resolve();
      return ask<number>({ kind: 'ffmpeg', args, chunkBytes: frameBytes }, (event, finish) => {
        if (event.kind === 'log') log.read(event.line);
        else if (event.kind === 'exited') {
          log.end();
          queue.then(() => finish(event.code));
        } else if (event.kind === 'data') {
          queue = queue.then(async () => {
            const buffer = event.bytes.buffer as ArrayBuffer;
            if ((await onData(event.bytes)) === 'spare') back.postMessage(buffer, [buffer]);
          });
          queue.then(
            () => {
              Atomics.add(new Int32Array(dealtWith), 0, 1);
              Atomics.notify(new Int32Array(dealtWith), 0);
            },
            (error: Error) => end(error),
          );
        }
      });
    },
    cpuMs: () => (thread === undefined ? undefined : cpuMsOf(thread)),
    close: async () => {
      back.close();
      await worker.terminate();
    },
  };
}
