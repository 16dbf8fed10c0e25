import { defaultPathField, pathOfValue } from '@openfrs/contract/path-value';
import type { SetFace } from '../api/responses.ts';
import { imageIdOf, namesIn, shortHash } from '../enrolment/ids.ts';

/** The photo's path that was kept with a face by `openfrs enrol` or the console; undefined where none was. */
export function photoPath(face: SetFace): string | undefined {
  const value = Object.hasOwn(face.external_fields, defaultPathField)
    ? face.external_fields[defaultPathField]
    : undefined;
  return typeof value === 'string' ? pathOfValue(value) : undefined;
}

/** The fields of a set, or of a face, that are somebody's own: the photo's path is shown in other ways. */
export const ownFields = <Value>(fields: Readonly<Record<string, Value>>): [string, Value][] =>
  Object.entries(fields).filter(([name]) => name !== defaultPathField);

/**
 * What a person is called: the folder's or file's name as it was, where one is kept and the `external_image_id` is that name's
 * hash, else the `external_image_id`. An id that only looks like a hash, or is of a name that no path has, is shown itself.
 */
export function nameOf(face: SetFace): string {
  const { external_image_id: id } = face;
  const path = photoPath(face);
  if (path === undefined || !/-[0-9a-f]{12}$/.test(id)) return id;
  return namesIn(path).find((name) => imageIdOf(name) === id) ?? nameOfPathId(path, id) ?? id;
}

/** `openfrs enrol` ends an id with the hash of the photo's path, or with --people of its folder's: what that is called. */
function nameOfPathId(path: string, id: string): string | undefined {
  const end = path.lastIndexOf('/');
  if (end >= 0 && id.endsWith(`-${shortHash(path.slice(0, end + 1))}`)) return namesIn(path)[0];
  return id.endsWith(`-${shortHash(path)}`) ? path.replace(/\.[^./]*$/, '') : undefined;
}
