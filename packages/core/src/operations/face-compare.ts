import { type CompareRequest, FrsError, type ResponseOf } from '@openfrs/contract';
import type { FaceTemplate, Vision } from '../ports/vision.ts';
import { type MediaPorts, readMedia } from './media.ts';
import { cosine, similarityOf } from './similarity.ts';
import { boundingBoxResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.2: the similarity of the largest faces of two pictures. */
export const faceCompare: UseCase<
  CompareRequest,
  MediaPorts & { readonly vision: Vision },
  ResponseOf<'face-compare'>
> = async ({ image1, image2 }, project, ports, signal) => {
  const { model } = ports.vision;
  const images = await readMedia([image1, image2], project, ports);
  const templates: (FaceTemplate | undefined)[] = [];
  for (const image of images) {
    // One after the other: what is wrong with the first picture is reported before the second is looked at.
    const [largest] = await ports.vision.describe(image, { faces: 'largest' }, signal);
    templates.push(largest);
  }
  const [first, second] = templates;
  if (!first || !second) throw new FrsError('FRS.0501');
  return {
    image1_face: { bounding_box: boundingBoxResponse(first.box) },
    similarity: similarityOf(model, cosine(model.probe(first.vector), second.vector)),
    image2_face: { bounding_box: boundingBoxResponse(second.box) },
  };
};
