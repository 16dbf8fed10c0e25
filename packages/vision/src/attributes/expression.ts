import type { FaceAttributes } from '@openfrs/core';
import type { FaceMesh, Frame } from '../geometry/frame.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { hasOutput } from '../runtime/model-registry.ts';
import type { FloatTensor } from '../runtime/sessions.ts';
import { uprightCrop } from './upright-crop.ts';

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

const side = 64;
const zoom = 1.2;

/** The expression by a softmax over the model's labels (output `probabilities`); undefined without such a model. */
export function createExpression(pipeline: FacePipeline) {
  const model = pipeline
    .models('expression')
    .find((entry) => hasOutput(entry, 'probabilities') && entry.labels);
  if (model === undefined) return undefined;
  const labels = model.labels ?? [];
  return async (frame: Frame, mesh: FaceMesh): Promise<ExpressionResult> => {
    const outputs = await pipeline.sessions.run(model.id, await uprightCrop(frame, mesh, side, zoom));
    const { data } = outputs.probabilities as FloatTensor;
    const best = data.indexOf(Math.max(...data));
    const type = types.find((known) => known === labels[best]) ?? 'unknown';
    return {
      expression: { type, probability: Math.min(1, data[best] as number) },
      smile: type === 'happy' ? 'yes' : 'none',
    };
  };
}
