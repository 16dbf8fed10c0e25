import { randomInt } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A new `face_id`, `face_set_id` or generated `external_image_id`: 8 random letters. */
export function newId(): string {
  return Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
}

export const idPattern = /^[A-Za-z]{8}$/;
export const faceSetNamePattern = /^[A-Za-z0-9_-]{1,64}$/;
export const externalImageIdPattern = /^[A-Za-z0-9_-]{1,36}$/;
export const challengeIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
export const fieldNamePattern = /^[A-Za-z0-9_-]{1,36}$/;
/** A string field's value: 1 to 256 letters of any script (with their marks), digits, `_` and `-`. */
export const stringValuePattern = /^[\p{L}\p{M}\p{Nd}_-]{1,256}$/u;

/** Built-in names (chapters 4.5.1 and 5.3), which custom fields must not take. */
export const builtInNames: ReadonlySet<string> = new Set([
  'external_image_id',
  'bounding_box',
  'similarity',
  'face_id',
  'create_time',
  'vector',
  '_id',
  '_all',
  '_source',
]);
