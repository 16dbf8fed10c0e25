import { AsyncResource } from 'node:async_hooks';
import type { Liveness, LivenessRequest, PhotoVerdict, VideoVerdict } from '@openfrs/core';
import { endStage } from '@openfrs/core/observation';
import { createVideoDecoder, type VideoDecoder, type VideoFrame } from '@openfrs/video';
import {
  createFacePipeline,
  createWeightedSemaphore,
  type FacePipeline,
  type PipelineOptions,
} from '@openfrs/vision/pipeline';
import { encodeBestFrame } from './best-frame.ts';
import { decide } from './decision.ts';
import { judgePhoto } from './judge-photo.ts';
import { createAntiSpoof } from './pad/anti-spoof.ts';
import { adviceOf } from './refusals.ts';
import { type LivenessReport, reportOf } from './report/report.ts';
import { createFaceTracker, type FaceTracker } from './tracking/face-tracker.ts';
import type { VideoLength } from './video-length.ts';

export interface LivenessOptions extends PipelineOptions {
  /** Shared with `createVision`; one is opened otherwise. */
  readonly pipeline?: FacePipeline;
  /** Default: wasm, from the npm package. */
  readonly decoder?: VideoDecoder;
  /** Videos and photos judged side by side; the rest wait. Default 2. */
  readonly concurrency?: number;
}

/** Core's port over FFmpeg and onnxruntime. */
export interface LocalLiveness extends Liveness {
  /** A verdict with all that led to it, for developers. Errors as `judgeVideo`. */
  reportVideo(video: Uint8Array, request: LivenessRequest, signal?: AbortSignal): Promise<LivenessReport>;
  /** Judges frames from anywhere, such as tests; `durationMs` as a decoder would tell it. */
  reportFrames(
    frames: Iterable<VideoFrame> | AsyncIterable<VideoFrame>,
    request: LivenessRequest,
    durationMs: number,
  ): Promise<LivenessReport>;
  /** Loads what every video needs, so that the first one needn't wait. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Liveness with the models in use.
 * @throws Error one clear sentence where a model is missing or damaged
 */
export async function createLiveness(options: LivenessOptions = {}): Promise<LocalLiveness> {
  const pipeline = options.pipeline ?? (await createFacePipeline(options));
  const decoder = options.decoder ?? createVideoDecoder();
  const limit = createWeightedSemaphore(options.concurrency ?? 2);

  async function track(
    pipeline: FacePipeline,
    video: Uint8Array,
    signal?: AbortSignal,
  ): Promise<{ tracker: FaceTracker; length: VideoLength }> {
    const tracker = createFaceTracker(pipeline, createAntiSpoof(pipeline, 'video'));
    const began = performance.now();
    const startedAt = Date.now();
    let lookedMs = 0;
    // Frames come from a worker's messages, which know nothing of the call.
    const look = AsyncResource.bind(async (frame: VideoFrame) => {
      const since = performance.now();
      const kept = await tracker.push(frame);
      lookedMs += performance.now() - since;
      return kept;
    });
    const length = await decoder.decode(video, look, signal);
    endStage({ name: 'decode-video', startedAt, ms: performance.now() - began - lookedMs });
    return { tracker, length };
  }

  async function judgeVideo(
    pipeline: FacePipeline,
    video: Uint8Array,
    request: LivenessRequest,
    signal?: AbortSignal,
  ): Promise<VideoVerdict> {
    const { tracker, length } = await track(pipeline, video, signal);
    const { alive, actions, warnings, refusals } = decide(tracker.observations, request, length);
    const advice = adviceOf(refusals);
    const picture = await encodeBestFrame(pipeline, tracker.candidates);
    if (picture === undefined) return { alive: false, actions, warnings: [...warnings, 8], advice };
    return { alive, actions, warnings, picture, ...(alive ? {} : { advice }) };
  }

  return {
    judgeVideo: (video, request, signal) =>
      limit(1, () => judgeVideo(pipeline.withSignal(signal), video, request, signal), signal),
    judgePhoto(image, signal): Promise<PhotoVerdict> {
      const own = pipeline.withSignal(signal);
      return limit(1, () => judgePhoto(own, createAntiSpoof(own, 'photo'), image, signal), signal);
    },
    reportVideo: (video, request, signal) => {
      const job = async () => {
        const { tracker, length } = await track(pipeline.withSignal(signal), video, signal);
        return reportOf(tracker.observations, request, length);
      };
      return limit(1, job, signal);
    },
    async reportFrames(frames, request, durationMs) {
      const tracker = createFaceTracker(pipeline, createAntiSpoof(pipeline, 'video'));
      for await (const frame of frames) await tracker.push(frame);
      return reportOf(tracker.observations, request, { durationMs });
    },
    async warm() {
      const roles = ['detector', 'mesh', 'embedder', 'anti-spoof'] as const;
      await Promise.all([
        pipeline.sessions.warm(roles.flatMap((role) => pipeline.registry.all(role).map(({ id }) => id))),
        decoder.warm(),
      ]);
    },
    async close() {
      if (options.pipeline === undefined) await pipeline.close();
    },
  };
}
