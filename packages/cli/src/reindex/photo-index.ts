import { pathOfValue } from '@openfrs/contract/path-value';
import { earlierImageId, externalImageId, personImageId } from '../enrol/external-image-id.ts';

/** What tells where a face came from. */
interface FaceOrigin {
  readonly externalImageId: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The photos that a face may come from: the one that its field of paths names, else those of its `external_image_id`. */
export type PhotoIndex = (face: FaceOrigin) => readonly string[];

/**
 * Photos by the ids that `openfrs enrol` gives them, of photos and of people, and by those that others do: the file's name
 * without its end, as under `enrol/` of a bucket, and the folder's.
 * @param names paths with `/`
 * @param pathField the custom field that has a photo's path
 */
export function photoIndex(names: readonly string[], pathField: string): PhotoIndex {
  const all = new Set(names);
  const byId = new Map<string, string[]>();
  for (const name of names) {
    const [file = '', folder] = name.split('/').reverse();
    const stem = file.replace(/\.[^.]*$/, '');
    const ids = [externalImageId(name), earlierImageId(name), personImageId(name), stem, folder];
    for (const id of new Set(ids)) {
      if (id === undefined || id === '') continue;
      const known = byId.get(id);
      if (known === undefined) byId.set(id, [name]);
      else known.push(name);
    }
  }
  return ({ externalImageId: id, fields }) => {
    const value = fields[pathField];
    const path = typeof value === 'string' ? pathOfValue(value) : undefined;
    return path !== undefined && all.has(path) ? [path] : (byId.get(id) ?? []);
  };
}
