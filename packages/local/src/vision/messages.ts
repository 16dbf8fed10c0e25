import type { Vision } from '@openfrs/core';
import type { CurveMarks, LocalLiveness } from '@openfrs/vision';
import type { ThrownError } from './thrown.ts';

/** What a thread does for others: core's ports, and the console's reports, as their functions. */
export type Looks = Pick<Vision, 'detect' | 'describe'> &
  Pick<LocalLiveness, 'judgeVideo' | 'judgePhoto' | 'reportVideo'>;
export type Look = keyof Looks;

/** What a thread is started with. */
export interface ThreadSettings {
  readonly modelsDir: string;
  readonly minFacePx: number;
  readonly ffmpegPath: string | null;
  /** Within one run of a model. */
  readonly threads: number;
}

/** A look at a file; without one, the thread ends. */
export interface ToThread {
  readonly id: number;
  readonly look?: Look;
  readonly args: readonly unknown[];
}

/** The embedding model in use, without its curve: no message can hold functions. */
export interface ThreadModel {
  readonly id: string;
  readonly dimension: number;
  readonly marks: CurveMarks;
}

export type FromThread =
  | { readonly kind: 'ready'; readonly model: ThreadModel }
  | { readonly kind: 'unready'; readonly error: ThrownError }
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'thrown'; readonly id: number; readonly error: ThrownError };
