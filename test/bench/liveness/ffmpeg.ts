import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Camera } from '@openfrs/liveness/testing';
import type { VideoFrame } from '@openfrs/video';

/** The part of `@ffmpeg/core`'s Emscripten module that is used. */
interface Core {
  readonly FS: {
    writeFile(path: string, data: Uint8Array): void;
    readFile(path: string): Uint8Array;
  };
  exec(...args: string[]): number;
}

const hasNative = spawnSync('ffmpeg', ['-version']).status === 0;

/** @ffmpeg/core without a thread of its own; a new one each time, as its memory never shrinks. */
async function openCore(): Promise<Core> {
  Object.assign(globalThis, { self: globalThis, location: { href: '' } });
  const require = createRequire(import.meta.url);
  const path = require.resolve('@ffmpeg/core');
  const wasmBinary = readFileSync(join(dirname(path), 'ffmpeg-core.wasm'));
  return require(path)({ wasmBinary });
}

/**
 * Runs FFmpeg, the native one of the PATH or else @ffmpeg/core, on one input; the video that comes out.
 * @throws Error what it said, where it fails
 */
export async function ffmpeg(
  input: Uint8Array,
  before: readonly string[],
  after: readonly string[],
  format: string,
): Promise<Uint8Array> {
  if (hasNative) return native(input, before, after, format);
  const core = await openCore();
  core.FS.writeFile('in', input);
  const code = core.exec('-nostdin', '-v', 'error', ...before, '-i', 'in', ...after, '-y', `out.${format}`);
  if (code !== 0) throw new Error(`@ffmpeg/core ended with ${code}.`);
  return core.FS.readFile(`out.${format}`);
}

function native(
  input: Uint8Array,
  before: readonly string[],
  after: readonly string[],
  format: string,
): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'openfrs-bench-'));
  try {
    const [source, made] = [join(folder, 'in'), join(folder, `out.${format}`)];
    writeFileSync(source, input);
    const args = ['-nostdin', '-v', 'error', ...before, '-i', source, ...after, '-y', made];
    const { status, stderr } = spawnSync('ffmpeg', args);
    if (status !== 0) throw new Error(`ffmpeg: ${stderr}`);
    return readFileSync(made);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A recording of frames: H.264 in MP4 or VP8 in WebM, at the camera's bit rate. */
export async function recorded(frames: Iterable<VideoFrame>, camera: Camera): Promise<Uint8Array> {
  const { width, height, framesPerSecond, kbits } = camera;
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`];
  const rate = ['-b:v', `${kbits}k`, '-pix_fmt', 'yuv420p'];
  const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', ...rate];
  const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '5', ...rate];
  const pixels = Buffer.concat([...frames].map(({ data }) => data));
  return await (camera.codec === 'h264'
    ? ffmpeg(pixels, [...raw, '-r', String(framesPerSecond)], h264, 'mp4')
    : ffmpeg(pixels, [...raw, '-r', String(framesPerSecond)], vp8, 'webm'));
}
