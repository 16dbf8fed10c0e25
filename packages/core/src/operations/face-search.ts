import { FrsError, type Media, type ResponseOf, readFilter, type SearchRequest } from '@openfrs/contract';
import { mapInSlices } from '@openfrs/contract/steps';
import type { Project } from '../ports/accounts.ts';
import type { FaceSet, FaceSetSpec, FaceSets, SearchHit, SearchQuery } from '../ports/face-sets.ts';
import type { BoundingBox, EmbeddingModel, Vision } from '../ports/vision.ts';
import { modelOfSet, rejectLowQuality } from './enrolment-checks.ts';
import { type MediaPorts, readOneMedia } from './media.ts';
import { cosineAtFpir, falsePositiveRate } from './open-set.ts';
import { pickFields, readReturnFields, readSortKeys, sortHits } from './search-result.ts';
import { similarityOf } from './similarity.ts';
import { boundingBoxResponse, storedFaceResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** A face's dot product with itself is 1 up to rounding of its 32-bit floats. */
const rounding = 1e-5;

/** What was searched for, and what was found; only a photo's face has a box. */
interface Found {
  readonly set: FaceSet;
  readonly faces: readonly { readonly box?: BoundingBox; readonly hits: readonly SearchHit[] }[];
}

export type SearchPorts = MediaPorts & { readonly faceSets: FaceSets; readonly vision: Vision };

/**
 * Chapter 4.4: of the faces that pass the filter the `top_n` most similar at or above `threshold` (with `max_fpir`: the one for the set's
 * size), then reordered by `sort`; of several faces with `faces=all`. With `group_by` each person is one result: the most similar face, with
 * the similarity of the mean of all, in which poor photos count less.
 */
export const faceSearch: UseCase<SearchRequest, SearchPorts, ResponseOf<'face-search'>> = async (
  request,
  project,
  ports,
  signal,
) => {
  const { set, faces } = await (request.probe.kind === 'face'
    ? searchByFace(request, request.probe.faceId, project, ports, signal)
    : searchByPhoto(request, request.probe, project, ports, signal));
  const model = modelOfSet(set, ports.vision);
  const { returned, sortKeys } = readRest(request, set);
  const { maxFpir } = request;
  const chosen = maxFpir && similarityOf(model, cosineAtFpir(model, maxFpir, set.faceNumber));
  const threshold = Math.max(request.threshold, chosen ?? 0);
  // A person's mean is not the probe itself.
  const self = request.probe.kind === 'face' && !request.groupBy ? request.probe.faceId : undefined;
  const responseOf = async (hits: readonly SearchHit[]) => {
    const scored = await mapInSlices(hits, (hit) => ({
      hit,
      similarity: hit.faceId === self ? 1 : similarityOf(model, hit.cosine),
    }));
    const similar = scored.filter(({ similarity }) => similarity >= threshold);
    return await mapInSlices(sortHits(similar, sortKeys), ({ hit, similarity }) => ({
      ...storedFaceResponse({ ...hit, fields: pickFields(hit.fields, returned) }, set.fields),
      similarity,
      ...(request.probabilities && {
        false_match_probability: falsePositiveRate(model, hit.cosine, set.faceNumber),
      }),
    }));
  };
  const results = [];
  for (const { box, hits } of request.allFaces ? faces : []) {
    if (box !== undefined) {
      results.push({ bounding_box: boundingBoxResponse(box), faces: await responseOf(hits) });
    }
  }
  return {
    faces: await responseOf(faces[0]?.hits ?? []),
    ...(maxFpir !== undefined && { threshold }),
    ...(request.allFaces && { results }),
  };
};

async function searchByFace(
  request: SearchRequest,
  faceId: string,
  project: Project,
  { faceSets, vision }: SearchPorts,
  signal: AbortSignal,
): Promise<Found> {
  const { set, hits } = await faceSets.searchNamed(project.id, request.faceSetName, (set) => {
    const model = modelOfSet(set, vision);
    const probe = { faceId, toProbe: model.probe };
    return { probe, signal, ...queryOf(request, readRest(request, set), model) };
  });
  return { set, faces: [{ hits }] };
}

async function searchByPhoto(
  request: SearchRequest,
  photo: Media,
  project: Project,
  ports: SearchPorts,
  signal: AbortSignal,
): Promise<Found> {
  const { faceSets, vision } = ports;
  const set = await faceSets.get(project.id, request.faceSetName);
  const model = modelOfSet(set, vision);
  faceSets.prepare(set);
  const image = await readOneMedia(photo, project, ports);
  const wanted = request.allFaces ? 'all' : 'largest';
  const found = await vision.describe(image, { faces: wanted, model: model.id }, signal);
  const rest = readRest(request, set);
  const faces = rejectLowQuality(found, project);
  if (faces.length === 0) throw new FrsError('FRS.0304');
  // Beside the picture the set may have changed for a while: it is looked at again.
  const lists = await faceSets.searchMany(set, {
    vectors: faces.map(({ vector }) => model.probe(vector)),
    signal,
    ...queryOf(request, rest, model),
  });
  return { set, faces: faces.map(({ box }, at) => ({ box, hits: lists[at] ?? [] })) };
}

/** What of a request depends on the set's fields. @throws FrsError where they don't fit */
function readRest(request: SearchRequest, { fields }: FaceSetSpec) {
  const filter = request.filter === undefined ? undefined : readFilter(request.filter, fields);
  const returned = readReturnFields(request.returnFields, fields);
  return { filter, returned, sortKeys: readSortKeys(request.sort, returned, fields) };
}

function queryOf(
  { topN, threshold, groupBy }: SearchRequest,
  { filter }: ReturnType<typeof readRest>,
  model: EmbeddingModel,
): Omit<SearchQuery, 'probe'> {
  return {
    topN,
    minCosine: model.cosine(threshold) - rounding,
    ...(filter && { filter }),
    ...(groupBy && { groupBy, weightOf: model.templateWeight }),
  };
}
