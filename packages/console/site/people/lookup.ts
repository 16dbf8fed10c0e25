import type { Api } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import type { FaceSetInfo, SetFace } from '../api/responses.ts';

/** A search answers so many at most. */
export const mostFound = 1000;

export const listSets: ApiRequest = { method: 'GET', path: 'face-sets' };

export const readSets = (api: Api) => api.call<{ face_sets_info: FaceSetInfo[] }>(listSets);

export const setPath = (set: string): string => `face-sets/${encodeURIComponent(set)}`;

export const showSet = async (api: Api, set: string): Promise<FaceSetInfo> =>
  (await api.call<{ face_set_info: FaceSetInfo }>({ method: 'GET', path: setPath(set) })).body.face_set_info;

export const listRequest = (set: string, offset: number, limit: number): ApiRequest => ({
  method: 'GET',
  path: `${setPath(set)}/faces?offset=${offset}&limit=${limit}`,
});

export const listFaces = async (
  api: Api,
  set: string,
  offset: number,
  limit: number,
): Promise<readonly SetFace[]> =>
  (await api.call<{ faces: readonly SetFace[] }>(listRequest(set, offset, limit))).body.faces;

/**
 * The faces of the whole set that pass a filter, `mostFound` at most. Lists take no filter, so this is a search with the set's
 * first face, for anybody however unlike.
 */
export async function facesMatching(api: Api, set: string, filter: string): Promise<readonly SetFace[]> {
  const [first] = await listFaces(api, set, 0, 1);
  if (!first) return [];
  const { body } = await api.call<{ faces: readonly SetFace[] }>({
    method: 'POST',
    path: `${setPath(set)}/search`,
    json: { face_id: first.face_id, filter, top_n: mostFound, threshold: 0 },
  });
  return body.faces;
}
