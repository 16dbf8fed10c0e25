import { runModel } from '../architectures/index.ts';
import { cropFaces, cropSpecOf } from '../crops/crop-faces.ts';
import type { FaceMesh, Frame } from '../geometry/frame.ts';
import { meshBounds } from '../landmarks/mesh-bounds.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';

export interface AgeGender {
  readonly gender: 'male' | 'female';
  /** Years. */
  readonly age: number;
}

/** Reads age and gender with the preferred model; undefined without one. */
export function createAgeGender({ registry, sessions }: FacePipeline) {
  const [model] = registry.all('age-gender');
  if (model === undefined) return undefined;
  const spec = cropSpecOf(model);
  return async (frame: Frame, mesh: FaceMesh): Promise<AgeGender> => {
    const { crops } = await cropFaces(frame, [meshBounds(mesh)], spec);
    const [{ age, male } = { age: 0, male: 0 }] = await runModel(sessions, model, crops);
    return { gender: male > 0.5 ? 'male' : 'female', age: Math.round(age) };
  };
}
