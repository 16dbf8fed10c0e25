import type { Liveness, LivenessRequest, PhotoVerdict, VideoVerdict } from '@openfrs/core';
import { createEngine, type EngineOptions, type FaceEngine } from '../engine.ts';
import { createGate } from '../gate.ts';
import { createVideoDecoder, type VideoDecoder, type VideoFrame, warmVideoDecoder } from '../video/index.ts';
import { createAntiSpoof } from './anti-spoof.ts';
import { createObserver, type Observer } from './observe.ts';
import { judgePhoto } from './photo.ts';
import { bestPicture } from './picture.ts';
import { type LiveReport, reportOf } from './report.ts';
import { judge } from './verdict.ts';

export type { LiveReport } from './report.ts';
export { reportPage } from './report-page.ts';

export interface LivenessOptions extends EngineOptions {
  /** Shared with `createVision`; one is opened otherwise. */
  readonly engine?: FaceEngine;
  /** Default: native FFmpeg where FFMPEG_PATH names one, else wasm. */
  readonly decoder?: VideoDecoder;
  /** Videos and photos judged side by side; the rest wait. Default 2. */
  readonly concurrency?: number;
}

/** Core's port over FFmpeg and onnxruntime. */
export interface LocalLiveness extends Liveness {
  /** A verdict with all that led to it, for developers. Errors as `judgeVideo`. */
  reportVideo(video: Uint8Array, request: LivenessRequest, signal?: AbortSignal): Promise<LiveReport>;
  /** Judges frames from anywhere, such as tests; `durationMs` as a decoder would tell it. */
  reportFrames(
    frames: Iterable<VideoFrame> | AsyncIterable<VideoFrame>,
    request: LivenessRequest,
    durationMs: number,
  ): Promise<LiveReport>;
  /** Loads what every video needs, so that the first one needn't wait. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Liveness with the models in use.
 * @throws Error one clear sentence where a model is missing or damaged
 */
export async function createLiveness(options: LivenessOptions = {}): Promise<LocalLiveness> {
  const engine = options.engine ?? (await createEngine(options));
  const decoder = options.decoder ?? createVideoDecoder();
  const gate = createGate(options.concurrency ?? 2);

  async function observed(
    engine: FaceEngine,
    video: Uint8Array,
    signal?: AbortSignal,
  ): Promise<{ observer: Observer; durationMs: number }> {
    const observer = createObserver(engine, createAntiSpoof(engine));
    const { durationMs } = await decoder.decode(video, (frame) => observer.look(frame), signal);
    return { observer, durationMs };
  }

  async function judgeVideo(
    engine: FaceEngine,
    video: Uint8Array,
    request: LivenessRequest,
    signal?: AbortSignal,
  ): Promise<VideoVerdict> {
    const { observer, durationMs } = await observed(engine, video, signal);
    const { alive, actions, warnings } = judge(observer.observations, request, durationMs);
    const picture = await bestPicture(engine, observer.pictures);
    if (picture === undefined) return { alive: false, actions, warnings: [...warnings, 8] };
    return { alive, actions, warnings, picture };
  }

  return {
    judgeVideo: (video, request, signal) =>
      gate(1, () => judgeVideo(engine.withSignal(signal), video, request, signal), signal),
    judgePhoto(image, signal): Promise<PhotoVerdict> {
      const own = engine.withSignal(signal);
      return gate(1, () => judgePhoto(own, createAntiSpoof(own), image, signal), signal);
    },
    reportVideo: (video, request, signal) => {
      const job = async () => {
        const { observer, durationMs } = await observed(engine.withSignal(signal), video, signal);
        return reportOf(observer.observations, request, durationMs);
      };
      return gate(1, job, signal);
    },
    async reportFrames(frames, request, durationMs) {
      const observer = createObserver(engine, createAntiSpoof(engine));
      for await (const frame of frames) await observer.look(frame);
      return reportOf(observer.observations, request, durationMs);
    },
    async warm() {
      const roles = ['detector', 'mesh', 'embedder', 'anti-spoof'] as const;
      await Promise.all([
        engine.sessions.warm(roles.flatMap((role) => engine.models(role).map(({ id }) => id))),
        decoder.name === 'wasm' ? warmVideoDecoder() : undefined,
      ]);
    },
    async close() {
      if (options.engine === undefined) await engine.close();
    },
  };
}
