import type { ApiRequest } from '../api/request.ts';
import { setPath } from '../people/lookup.ts';
import { type Photo, photoFields } from '../photos/photo.ts';

export interface Options {
  /** The share of searches by strangers that may find anybody, or a similarity that is asked for. */
  readonly least:
    | { readonly kind: 'risk'; readonly share: number }
    | { readonly kind: 'similarity'; readonly value: number };
  readonly topN: number;
  readonly filter: string;
  /** One result a person: all faces of an `external_image_id` together. */
  readonly people: boolean;
}

export const defaultOptions: Options = {
  least: { kind: 'risk', share: 0.01 },
  topN: 5,
  filter: '',
  people: true,
};

function fields({ least, topN, filter, people }: Options): Record<string, string | number | boolean> {
  return {
    top_n: topN,
    ...(least.kind === 'risk'
      ? { max_fpir: least.share }
      : { threshold: least.value, false_match_probability: true }),
    ...(filter !== '' && { filter }),
    ...(people && { group_by: 'external_image_id' }),
  };
}

const pathOf = (set: string) => `${setPath(set)}/search`;

/** Every face of a photo. */
export function photoRequest(set: string, photo: Photo, options: Options): ApiRequest {
  const texts = Object.entries(fields(options)).map(([name, value]) => [name, String(value)]);
  return {
    method: 'POST',
    path: pathOf(set),
    form: { ...photoFields('image', photo), ...Object.fromEntries(texts), faces: 'all' },
  };
}

/** A face of the set itself. */
export function faceRequest(set: string, faceId: string, options: Options): ApiRequest {
  return { method: 'POST', path: pathOf(set), json: { face_id: faceId, ...fields(options) } };
}
