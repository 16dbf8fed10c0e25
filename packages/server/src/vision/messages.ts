import type { Vision } from '@openfrs/core';
import type { Stage } from '@openfrs/core/observation';
import type { LocalLiveness } from '@openfrs/liveness';
import type { ModelEntry } from '@openfrs/models';
import type { VideoDecoderOptions } from '@openfrs/video';
import type { SerializedError } from './serialize-error.ts';

/** What a worker process does for others: core's ports, and the console's reports, as their functions. */
export type WorkerMethods = Pick<Vision, 'detect' | 'describe'> &
  Pick<LocalLiveness, 'judgeVideo' | 'judgePhoto' | 'reportVideo'>;
export type MethodName = keyof WorkerMethods;

/** Where each of them takes its AbortSignal, which no message can hold: its arguments come before that. */
export const signalAt = {
  detect: 2,
  describe: 2,
  judgeVideo: 2,
  judgePhoto: 1,
  reportVideo: 2,
} as const satisfies Record<MethodName, number>;

/** What a worker is started with. */
export interface WorkerSettings {
  readonly modelsDir: string;
  readonly minFacePx: number;
  readonly video: VideoDecoderOptions;
  /** Threads within one run of a model. */
  readonly threads: number;
}

export type WorkerRequest =
  | { readonly kind: 'start'; readonly settings: WorkerSettings }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly method: MethodName;
      readonly args: readonly unknown[];
    }
  /** Aborts that call's signal; it answers nevertheless. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** Gives back the models and ends. */
  | { readonly kind: 'close' };

export type WorkerResponse =
  | { readonly kind: 'ready'; readonly embedder: ModelEntry }
  | { readonly kind: 'unready'; readonly error: SerializedError }
  | {
      readonly kind: 'done';
      readonly id: number;
      readonly result: unknown;
      readonly stages: readonly Stage[];
    }
  | {
      readonly kind: 'thrown';
      readonly id: number;
      readonly error: SerializedError;
      readonly stages: readonly Stage[];
    };
