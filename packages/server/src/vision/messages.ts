import type { Vision } from '@openfrs/core';
import type { LocalLiveness } from '@openfrs/liveness';
import type { CalibrationAnchors } from '@openfrs/vision';
import type { ThrownError } from './thrown.ts';

/** What a worker process does for others: core's ports, and the console's reports, as their functions. */
export type Looks = Pick<Vision, 'detect' | 'describe'> &
  Pick<LocalLiveness, 'judgeVideo' | 'judgePhoto' | 'reportVideo'>;
export type Look = keyof Looks;

/** Where each of them takes its AbortSignal, which no message can hold: its arguments come before that. */
export const signalAt = {
  detect: 2,
  describe: 2,
  judgeVideo: 2,
  judgePhoto: 1,
  reportVideo: 2,
} as const satisfies Record<Look, number>;

/** What a worker is started with. */
export interface WorkerSettings {
  readonly modelsDir: string;
  readonly minFacePx: number;
  readonly ffmpegPath: string | null;
  /** Threads within one run of a model. */
  readonly threads: number;
}

export type ToWorker =
  | { readonly kind: 'start'; readonly settings: WorkerSettings }
  | { readonly kind: 'look'; readonly id: number; readonly look: Look; readonly args: readonly unknown[] }
  /** Aborts that look's signal; it answers nevertheless. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** Gives back the models and ends. */
  | { readonly kind: 'close' };

/** The embedding model in use, without its curve: no message can hold functions. */
export interface WorkerModel {
  readonly id: string;
  readonly dimension: number;
  readonly marks: CalibrationAnchors;
}

export type FromWorker =
  | { readonly kind: 'ready'; readonly model: WorkerModel }
  | { readonly kind: 'unready'; readonly error: ThrownError }
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'thrown'; readonly id: number; readonly error: ThrownError };
