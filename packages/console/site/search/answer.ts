import type { Api } from '../api/api.ts';
import type { ApiRequest, RequestLog } from '../api/request.ts';
import type { Box, FaceSetInfo, SetFace } from '../api/responses.ts';

/** The answer to a photo (`results`) or to a face of a set (`faces` alone). */
export interface SearchAnswer {
  readonly faces: readonly SetFace[];
  readonly results?: readonly { readonly bounding_box: Box; readonly faces: readonly SetFace[] }[];
  /** That `max_fpir` has chosen. */
  readonly threshold?: number;
}

/** An answer with what it was asked of: the page may be set to another set or filter by the time that it is shown. */
export interface Searched {
  readonly set: FaceSetInfo;
  readonly filter: string;
  readonly entry: RequestLog & { readonly body: SearchAnswer };
}

/** @throws ApiError */
export async function searched(
  api: Api,
  set: FaceSetInfo,
  filter: string,
  request: ApiRequest,
): Promise<Searched> {
  return { set, filter, entry: await api.call<SearchAnswer>(request) };
}
