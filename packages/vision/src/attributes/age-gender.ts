import type { FaceMesh, Frame } from '../geometry/frame.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { hasOutput } from '../runtime/model-registry.ts';
import type { FloatTensor } from '../runtime/sessions.ts';
import { uprightCrop } from './upright-crop.ts';

export interface AgeGender {
  readonly gender: 'male' | 'female';
  /** Years. */
  readonly age: number;
}

const side = 224;
/** Crop over the mesh's extent, as human's own pipeline shows the face to this model. */
const zoom = 1.2;

/** Age and gender with FaceRes (outputs `gender`: 0 female to 1 male, `age`: a probability a year); undefined without it. */
export function createAgeGender(pipeline: FacePipeline) {
  const model = pipeline
    .models('age-gender')
    .find((entry) => hasOutput(entry, 'age') && hasOutput(entry, 'gender'));
  if (model === undefined) return undefined;
  return async (frame: Frame, mesh: FaceMesh): Promise<AgeGender> => {
    const outputs = await pipeline.sessions.run(model.id, await uprightCrop(frame, mesh, side, zoom));
    const years = (outputs.age as FloatTensor).data;
    let age = 0;
    for (let year = 0; year < years.length; year += 1) age += year * (years[year] as number);
    const male = (outputs.gender as FloatTensor).data[0] as number;
    return { gender: male > 0.5 ? 'male' : 'female', age: Math.round(age) };
  };
}
