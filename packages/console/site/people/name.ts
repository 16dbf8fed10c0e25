import { defaultPathField, pathOfValue } from '@openfrs/contract/path-value';
import type { SetFace } from '../api/responses.ts';
import { personOf } from '../enrolment/ids.ts';

/** The photo's path that was kept with a face by `openfrs enrol` or the console; undefined where none was. */
export function photoPath(face: SetFace): string | undefined {
  const value = Object.hasOwn(face.external_fields, defaultPathField)
    ? face.external_fields[defaultPathField]
    : undefined;
  return typeof value === 'string' ? pathOfValue(value) : undefined;
}

/** What a person is called: the folder's name as it was, where it is kept, else the `external_image_id`. */
export function nameOf(face: SetFace): string {
  const path = photoPath(face);
  const isHash = /-[0-9a-f]{12}$/.test(face.external_image_id);
  return path !== undefined && isHash ? personOf(path) : face.external_image_id;
}
