import { createHash } from 'node:crypto';

/** Letters of the path before the hash: with it, 36 at most. */
const readable = 23;

const hashOf = (file: string) => createHash('sha256').update(file).digest('hex').slice(0, 12);

/**
 * An id of the contract's form (1 to 36 letters, digits, `_` and `-`), of its own for every path: a hash of it, and before that
 * the end of the path where the contract takes all of its letters (`/` as `-`). A name with others (accents, spaces, apostrophes,
 * Chinese) is not spelled otherwise: the custom field and the journal have the path as it is.
 * @param file a path with `/`, in the letters of the file system: two spellings of one name (NFC, NFD) are two files
 */
export function externalImageId(file: string): string {
  const name = file
    .replace(/\.[^./]*$/, '')
    .replace(/\/$/, '')
    .replaceAll('/', '-');
  const shown = /^[A-Za-z0-9_-]+$/.test(name) ? name.slice(-readable).replace(/^-+/, '') : 'photo';
  return `${shown === '' ? 'photo' : shown}-${hashOf(file)}`;
}

/** The id of the person whose photos a folder holds: that of its path. @param file of a photo, with `/`; undefined: in no folder */
export function personImageId(file: string): string | undefined {
  const end = file.lastIndexOf('/');
  return end < 0 ? undefined : externalImageId(`${file.slice(0, end)}/`);
}

/** The id that earlier versions gave: by it what they sent is taken back. */
export function earlierImageId(file: string): string {
  const name = file.replace(/\.[^.]*$/, '').replace(/[^A-Za-z0-9_-]+/g, '-');
  return `${name.slice(-readable).replace(/^-+/, '')}-${hashOf(file)}`;
}
