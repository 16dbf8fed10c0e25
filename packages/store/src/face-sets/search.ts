import { FrsError } from '@openfrs/contract';
import type { FaceSet, SearchHit, SearchQuery } from '@openfrs/core';
import type { Cache } from '../memory/cache.ts';

/** Most similar first; ties by order of adding. @throws FrsError FRS.0302 no such set, FRS.0403 no such face as the probe */
export async function searchFaces(cache: Cache, set: FaceSet, query: SearchQuery): Promise<SearchHit[]> {
  const { probe, topN, minCosine, filter, groupBy } = query;
  const { index } = await cache.open(set);
  let vector: Float32Array | undefined;
  if ('vector' in probe) vector = probe.vector;
  else {
    const number = index.numberOf(probe.faceId);
    vector = number === undefined ? undefined : await index.vector(number);
    if (vector === undefined) throw new FrsError('FRS.0403');
  }
  const hits = await index.search({
    vector,
    topN,
    minCosine,
    ...(filter === undefined ? {} : { filter }),
    ...(groupBy === undefined ? {} : { groupBy }),
  });
  return hits.flatMap(({ number, cosine }) => {
    // A face that was deleted while the search ran is left out.
    const row = index.row(number);
    if (row === undefined) return [];
    const { faceId, box, externalImageId, fields } = row;
    return [{ faceId, box, externalImageId, fields, cosine }];
  });
}
