import type { ModelOf } from '@openfrs/models';
import { runModel } from '../architectures/index.ts';
import type { Frame } from '../geometry/frame.ts';
import type { Pixels, Sessions } from '../runtime/sessions.ts';
import type { Candidate } from './nms.ts';

/** Finds faces in a stack of pictures: of each, the candidates in its pixels, none suppressed. */
export type StackDetector = (pixels: Pixels, threshold: number) => Promise<Candidate[][]>;

/** Finds faces in one picture. */
export interface Detector {
  /** The picture's sides must be multiples of this. */
  readonly multiple: number;
  /** Score from which a finding hints at a face that is clear at twice the size; undefined: such findings say nothing. */
  readonly hintScore: number | undefined;
  find(frame: Frame, threshold: number): Promise<Candidate[]>;
}

export function createStackDetector(model: ModelOf<'detector'>, sessions: Sessions): StackDetector {
  return (pixels, threshold) => runModel(sessions, model, pixels, threshold);
}

export function createDetector(model: ModelOf<'detector'>, sessions: Sessions): Detector {
  const detect = createStackDetector(model, sessions);
  return {
    multiple: model.crop.multiple,
    hintScore: model.hintScore,
    find: async (frame, threshold) => (await detect({ count: 1, ...frame }, threshold)).flat(),
  };
}
