import { leastRecognizable } from '@openfrs/contract/usual-thresholds';
import { writeJson } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import type { FieldValue } from '../api/responses.ts';
import { setPath } from '../people/lookup.ts';
import { type Photo, photoFields } from '../photos/photo.ts';

/** Adds the largest face of a photo. @param strict faces that hold too little of a person are refused by the service too */
export function addRequest(
  set: string,
  photo: Photo,
  id: string,
  fields: Readonly<Record<string, FieldValue>>,
  strict: boolean,
): ApiRequest {
  return {
    method: 'POST',
    path: `${setPath(set)}/faces`,
    form: {
      ...photoFields('image', photo),
      external_image_id: id,
      single: 'true',
      ...(strict && { min_recognizability: String(leastRecognizable) }),
      ...(Object.keys(fields).length > 0 && { external_fields: writeJson(fields) }),
    },
  };
}
