import { decoderFor } from './decode.ts';
import type { VideoDecoder } from './decoder.ts';
import { openNativeSession } from './native-session.ts';
import type { TimeLimits } from './time-budget.ts';
import { compileCore, openWasmSession, resolveCore, type WasmPaths } from './wasm-session.ts';
import { workerCode } from './worker-build.ts';

export interface VideoDecoderOptions extends WasmPaths, TimeLimits {
  /** A native ffmpeg (4 to 7) with ffprobe beside it; absent or `null`: wasm. */
  readonly ffmpegPath?: string | null;
}

/** Native FFmpeg where one is named, else `@ffmpeg/core` in a thread. */
export function createVideoDecoder(options: VideoDecoderOptions = {}): VideoDecoder {
  const { ffmpegPath: native } = options;
  if (native !== undefined && native !== null && native !== '') {
    return decoderFor('native', { open: (video) => openNativeSession(video, native) }, options);
  }
  const program = {
    open: (video: Uint8Array) => openWasmSession(video, options),
    warm: async () => {
      await Promise.all([workerCode(options.workerPath), compileCore(resolveCore(options))]);
    },
  };
  return decoderFor('wasm', program, options);
}
