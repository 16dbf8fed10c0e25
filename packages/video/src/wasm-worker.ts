/**
 * The thread in which `@ffmpeg/core` reads one video. It imports nothing of the service but what is small, so
 * that esbuild can make one small file of it (`worker-build.ts`); the core itself (GPL) is loaded from where it
 * lies and never becomes part of that file.
 */
import { createRequire } from 'node:module';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ownThread } from './cpu-time.ts';
import { isDamage, isRelevant } from './ffmpeg-log.ts';
import { INPUT, OUTPUT, type WasmCommand, type WasmEvent, type WasmWorkerData } from './wasm-messages.ts';

/** The part of `@ffmpeg/core`'s Emscripten module that is used. */
interface FfmpegCore {
  readonly FS: {
    writeFile(path: string, data: Uint8Array): void;
    makedev(major: number, minor: number): number;
    registerDevice(device: number, operations: object): void;
    mkdev(path: string, mode: number, device: number): void;
  };
  exec(...args: string[]): number;
  ffprobe(...args: string[]): number;
  reset(): void;
  setLogger(logger: (entry: { type: 'stdout' | 'stderr'; message: string }) => void): void;
}
type CreateCore = (options: object) => Promise<FfmpegCore>;

const data: WasmWorkerData = workerData;
const dealtWith = new Int32Array(data.dealtWith);
let sent = 0;
let chunk = new Uint8Array(0);
let filled = 0;
let output: string[] = [];

/** A hostile file may cause millions of complaints; this many are enough to judge it. Frames' lines are few. */
const MAX_COMPLAINTS = 20_000;
let complaints = 0;

function send(event: WasmEvent): void {
  parentPort?.postMessage(event, event.kind === 'data' ? [event.bytes.buffer as ArrayBuffer] : []);
}

/** Room for a chunk: one that the host has done with, or new. */
function chunkOf(size: number): Uint8Array<ArrayBuffer> {
  const spare: unknown = receiveMessageOnPort(data.spares)?.message;
  return spare instanceof ArrayBuffer && spare.byteLength === size
    ? new Uint8Array(spare)
    : new Uint8Array(size);
}

/** Sends the collected bytes, then sleeps while too many chunks are under way: ffmpeg itself waits. */
function flush(): void {
  if (filled === 0) return;
  const size = chunk.length;
  send({ kind: 'data', bytes: chunk.subarray(0, filled) });
  chunk = chunkOf(size);
  filled = 0;
  sent += 1;
  for (;;) {
    const done = Atomics.load(dealtWith, 0);
    if (sent - done < data.ahead) return;
    Atomics.wait(dealtWith, 0, done);
  }
}

function write(_stream: object, heap: Int8Array, offset: number, length: number): number {
  const bytes = new Uint8Array(heap.buffer, heap.byteOffset + offset, length);
  for (let at = 0; at < length; ) {
    const part = bytes.subarray(at, at + chunk.length - filled);
    chunk.set(part, filled);
    filled += part.length;
    at += part.length;
    if (filled === chunk.length) flush();
  }
  return length;
}

/** Lets no allocation succeed that would make the core's memory larger: FFmpeg then ends as where there is none left. */
function capMemory({ exports }: WebAssembly.Instance, bytes: number): void {
  const memories = Object.values(exports).filter((part) => part instanceof WebAssembly.Memory);
  if (memories.length === 0) throw new Error("FFmpeg's core exports no memory: none that could be limited.");
  for (const memory of memories) {
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      if (memory.buffer.byteLength + pages * 65_536 > bytes)
        throw new RangeError('The video takes too much memory.');
      return grow(pages);
    };
  }
}

async function start(): Promise<void> {
  // The core is built for browsers' workers and looks for `self`.
  Object.assign(globalThis, { self: globalThis, location: { href: '' } });
  const create: CreateCore = createRequire(data.corePath)(data.corePath);
  const core = await create({
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      WebAssembly.instantiate(data.wasm, imports).then((instance) => {
        capMemory(instance, data.memoryBytes);
        done(instance);
      });
      return {};
    },
  });
  core.FS.writeFile(INPUT, data.video);
  const device = core.FS.makedev(80, 1);
  core.FS.registerDevice(device, {
    open(stream: { seekable: boolean }) {
      stream.seekable = false;
    },
    write,
  });
  core.FS.mkdev(OUTPUT, 0o666, device);
  core.setLogger(({ type, message }) => {
    if (type === 'stdout') output.push(message);
    else if (isRelevant(message)) {
      if (isDamage(message) && ++complaints > MAX_COMPLAINTS) return;
      send({ kind: 'log', line: message });
    }
  });

  parentPort?.on('message', (command: WasmCommand) => {
    if (command.kind === 'ffprobe') {
      output = [];
      // Its return code means nothing, and it throws on some broken files: what it printed is judged.
      try {
        core.ffprobe(...command.args);
      } catch {}
      send({ kind: 'probed', output: output.join('\n') });
      return;
    }
    chunk = new Uint8Array(command.chunkBytes);
    core.reset();
    let code = 1;
    try {
      code = core.exec(...command.args);
    } catch {}
    flush();
    send({ kind: 'exited', code });
  });
  send({ kind: 'ready', thread: ownThread() });
}

start();
