import { decoderFor } from './decode.ts';
import type { VideoDecoder } from './decoder.ts';
import { openNativeSession } from './native-session.ts';
import type { TimeLimits } from './time-budget.ts';
import { compileCore, openWasmSession, resolveCore, type WasmPaths } from './wasm-session.ts';
import { workerCode } from './worker-build.ts';

export interface VideoDecoderOptions extends WasmPaths, TimeLimits {
  /** A native ffmpeg (4 to 7) with ffprobe beside it; FFMPEG_PATH by default; `null`: use wasm whatever is set. */
  readonly ffmpegPath?: string | null;
}

/** Native FFmpeg where one is named, else `@ffmpeg/core` in a thread. */
export function createVideoDecoder(options: VideoDecoderOptions = {}): VideoDecoder {
  const native = options.ffmpegPath === undefined ? process.env.FFMPEG_PATH : options.ffmpegPath;
  if (native !== undefined && native !== null && native !== '') {
    return decoderFor('native', (video) => openNativeSession(video, native), options);
  }
  return decoderFor('wasm', (video) => openWasmSession(video, options), options);
}

/** Compiles the core now, so that the first video needn't wait for it (a Lambda's start). */
export async function warmVideoDecoder(paths: WasmPaths = {}): Promise<void> {
  await Promise.all([workerCode(paths.workerPath), compileCore(resolveCore(paths))]);
}
