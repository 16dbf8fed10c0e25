import { type AnswerOf, FrsError, readFilter, type SearchRequest } from '@openfrs/contract';
import type { FaceSets, SearchQuery } from '../ports/face-sets.ts';
import type { Vision } from '../ports/vision.ts';
import { storedFaceAnswer } from './answers.ts';
import { passQualityGate, sameModel } from './gate.ts';
import { type MediaPorts, readOneMedia } from './media.ts';
import { pickFields, readReturnFields, readSortKeys, sortHits } from './search-result.ts';
import { similarityOf } from './similarity.ts';
import type { UseCase } from './use-case.ts';

/** A face's dot product with itself is 1 up to rounding of its 32-bit floats. */
const rounding = 1e-5;

export type SearchPorts = MediaPorts & { readonly faceSets: FaceSets; readonly vision: Vision };

/**
 * Chapter 4.4: of the faces that pass the filter the `top_n` most similar at or above `threshold`, then
 * reordered by `sort`. A `face_id` finds itself too, with similarity 1. With `group_by`, each person (`external_image_id`)
 * is one result: the person's most similar face, with the similarity of the mean of all the person's faces.
 */
export const faceSearch: UseCase<SearchRequest, SearchPorts, AnswerOf<'face-search'>> = async (
  request,
  project,
  ports,
) => {
  const { faceSets, vision } = ports;
  const set = await faceSets.get(project.id, request.faceSetName);
  sameModel(set, vision.model);
  const image = request.probe.kind === 'face' ? undefined : await readOneMedia(request.probe, project, ports);
  const found = image && (await vision.describe(image, { faces: 'largest', purpose: 'probe' }));

  const filter = request.filter === undefined ? undefined : readFilter(request.filter, set.fields);
  const returned = readReturnFields(request.returnFields, set.fields);
  const sortKeys = readSortKeys(request.sort, returned, set.fields);
  if (found?.length === 0) throw new FrsError('FRS.0304');
  const [largest] = found ? passQualityGate(found, project) : [];

  const hits = await faceSets.search(set, {
    probe: probeOf(request, largest?.vector),
    topN: request.topN,
    minCosine: vision.model.cosine(request.threshold) - rounding,
    ...(filter && { filter }),
    ...(request.groupBy && { groupBy: request.groupBy }),
    // Beside a picture the set may have changed for a while: then it is looked at again.
    ...(image === undefined && { asOf: 'lookup' as const }),
  });
  // A person's mean is not the probe itself.
  const self = request.probe.kind === 'face' && !request.groupBy ? request.probe.faceId : undefined;
  const scored = hits
    .map((hit) => ({ hit, similarity: hit.faceId === self ? 1 : similarityOf(vision.model, hit.cosine) }))
    .filter(({ similarity }) => similarity >= request.threshold);
  return {
    faces: sortHits(scored, sortKeys).map(({ hit, similarity }) => ({
      ...storedFaceAnswer(hit),
      external_fields: pickFields(hit.fields, returned),
      similarity,
    })),
  };
};

function probeOf(request: SearchRequest, vector: Float32Array | undefined): SearchQuery['probe'] {
  if (request.probe.kind === 'face') return { faceId: request.probe.faceId };
  if (!vector) throw new FrsError('FRS.0304');
  return { vector };
}
