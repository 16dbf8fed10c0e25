import { FrsError } from '@openfrs/contract';
import type { FaceSet, SearchHit, SearchQuery } from '@openfrs/core';
import type { FaceIndex } from '@openfrs/search';
import type { Cache } from '../memory/cache.ts';

/** Most similar first; ties by order of adding. @throws FrsError FRS.0302 no such set, FRS.0403 no such face as the probe */
export async function searchFaces(cache: Cache, set: FaceSet, query: SearchQuery): Promise<SearchHit[]> {
  const { probe, topN, minCosine, filter, groupBy } = query;
  return cache.use(set, async (index) => {
    const vector = 'vector' in probe ? probe.vector : await vectorOf(index, probe.faceId);
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
  });
}

async function vectorOf(index: FaceIndex, faceId: string): Promise<Float32Array> {
  const number = index.numberOf(faceId);
  const vector = number === undefined ? undefined : await index.vector(number);
  if (vector === undefined) throw new FrsError('FRS.0403');
  return vector;
}
