import type { FaceAttributes } from '@openfrs/core';
import { runModel } from '../architectures/index.ts';
import { cropFaces, cropSpecOf } from '../crops/crop-faces.ts';
import type { FaceMesh, Frame } from '../geometry/frame.ts';
import { meshBounds } from '../landmarks/mesh-bounds.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';

type Expression = NonNullable<FaceAttributes['expression']>;

/** The contract's words; a model's labels are the same, in its own order. */
const types: readonly Expression['type'][] = [
  'neutral',
  'happy',
  'fear',
  'surprise',
  'sad',
  'angry',
  'disgust',
];

export interface ExpressionResult {
  readonly expression: Expression;
  /** "yes" or "none": is happiness the likeliest expression? */
  readonly smile: string;
}

/** The likeliest expression by the preferred model; undefined without one. */
export function createExpression({ registry, sessions }: FacePipeline) {
  const [model] = registry.all('expression');
  if (model === undefined) return undefined;
  const spec = cropSpecOf(model);
  return async (frame: Frame, mesh: FaceMesh): Promise<ExpressionResult> => {
    const { crops } = await cropFaces(frame, [meshBounds(mesh)], spec);
    const [probabilities = []] = await runModel(sessions, model, crops);
    const largest = Math.max(...probabilities);
    const label = model.labels?.[probabilities.indexOf(largest)];
    const type = types.find((known) => known === label) ?? 'unknown';
    return {
      expression: { type, probability: Math.min(1, largest) },
      smile: type === 'happy' ? 'yes' : 'none',
    };
  };
}
