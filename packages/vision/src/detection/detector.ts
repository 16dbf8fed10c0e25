import type { ModelEntry } from '@openfrs/models';
import type { Frame } from '../geometry/frame.ts';
import { hasOutput } from '../runtime/model-registry.ts';
import type { Sessions } from '../runtime/sessions.ts';
import { detectBlazeface } from './blazeface.ts';
import type { Candidate } from './nms.ts';
import { detectUltraLight } from './ultra-light.ts';
import type { CropDetector } from './verification.ts';
import { detectYunet } from './yunet.ts';

/** Finds faces in one picture; boxes in its pixels, unmerged. */
export interface Detector {
  readonly model: string;
  /** The picture's sides must be multiples of this. */
  readonly multiple: number;
  find(frame: Frame, threshold: number): Promise<Candidate[]>;
}

/** The detector for a model, told by the names of its outputs. */
export function detectorOf(model: ModelEntry, sessions: Sessions): Detector {
  const { id } = model;
  const one = (frame: Frame) => ({ count: 1, ...frame });
  if (hasOutput(model, 'cls_8')) {
    return {
      model: id,
      multiple: 32,
      find: async (frame, t) => (await detectYunet(sessions, id, one(frame), t)).flat(),
    };
  }
  if (hasOutput(model, 'scores_16')) {
    return {
      model: id,
      multiple: 32,
      find: async (frame, t) => (await detectBlazeface(sessions, id, one(frame), t)).flat(),
    };
  }
  if (hasOutput(model, 'scores') && hasOutput(model, 'boxes')) {
    return {
      model: id,
      multiple: 1,
      find: async (frame, t) => (await detectUltraLight(sessions, id, one(frame), t)).flat(),
    };
  }
  throw new Error(`The outputs of detector ${id} are of no architecture that is known.`);
}

/** The same for stacks of crops. */
export function lookerOf(model: ModelEntry, sessions: Sessions): CropDetector {
  if (hasOutput(model, 'scores_16')) {
    return (crops, threshold) => detectBlazeface(sessions, model.id, crops, threshold);
  }
  if (hasOutput(model, 'cls_8')) {
    return (crops, threshold) => detectYunet(sessions, model.id, crops, threshold);
  }
  return (crops, threshold) => detectUltraLight(sessions, model.id, crops, threshold);
}
