import type { Architecture, ModelEntry } from '@openfrs/models';
import type { Candidate } from '../detection/nms.ts';
import type { Pixels, Sessions } from '../runtime/sessions.ts';
import { decodeBlazeface, decodeDenseBlazeface } from './blazeface.ts';
import { decodeCenterNet } from './centernet.ts';
import { decodeClassifier } from './classifier.ts';
import type { Decoder } from './decoder.ts';
import { decodeEmbedding } from './embedding.ts';
import { type CropMesh, decodeFaceMesh } from './facemesh.ts';
import { type AgeAndGender, decodeFaceRes } from './faceres.ts';
import { decodeUltraLight } from './ultra-light.ts';
import { decodeYunet } from './yunet.ts';

/** What a network of each architecture says of one picture. */
export interface Results {
  readonly yunet: Candidate[];
  readonly blazeface: Candidate[];
  readonly 'blazeface-dense': Candidate[];
  readonly 'ultra-light': Candidate[];
  readonly facemesh: CropMesh;
  readonly embedding: Float32Array;
  readonly classifier: readonly number[];
  readonly faceres: AgeAndGender;
  readonly centernet: Float32Array;
}

/** How the outputs of each architecture are read: the one place that knows. */
const architectures: { readonly [A in Architecture]: Decoder<Results[A]> } = {
  yunet: decodeYunet,
  blazeface: decodeBlazeface,
  'blazeface-dense': decodeDenseBlazeface,
  'ultra-light': decodeUltraLight,
  facemesh: decodeFaceMesh,
  embedding: decodeEmbedding,
  classifier: decodeClassifier,
  faceres: decodeFaceRes,
  centernet: decodeCenterNet,
};

/** Runs a model on a stack of pictures: one decoded result a picture. `threshold` is a detector's lowest score. */
export async function runModel<A extends Architecture>(
  sessions: Sessions,
  model: ModelEntry & { readonly architecture: A },
  pixels: Pixels,
  threshold = 0,
): Promise<Results[A][]> {
  const outputs = await sessions.run(model.id, pixels);
  return architectures[model.architecture](outputs, { model, pixels, threshold });
}
