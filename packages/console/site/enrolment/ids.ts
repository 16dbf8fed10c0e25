import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The contract's form of an `external_image_id`. */
export const imageIdPattern = /^[A-Za-z0-9_-]{1,36}$/;

/**
 * A name as `external_image_id`: itself where the contract takes it, else a hash of it, so that two names never become one
 * (张三 and 李四 have no letter that an id takes). The path field keeps the name as it is.
 */
export function imageIdOf(name: string): string {
  if (imageIdPattern.test(name)) return name;
  return `person-${shortHash(name)}`;
}

/** What ids end with that are of a name or a path: 12 hexadecimal digits. */
export const shortHash = (text: string): string => contentHash(new TextEncoder().encode(text)).slice(0, 12);

/** The SHA-256 of bytes, in hexadecimal; also where the page is not in a secure context, which has no `crypto.subtle`. */
export const contentHash = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** `ann/2024/1.jpg` is of the person `ann`; a photo in no folder is a person by its own name. */
export function personOf(path: string): string {
  const [first = '', ...rest] = path.split('/');
  return rest.length > 0 ? first : first.replace(/\.[^.]*$/, '');
}

/** Whatever a photo may be named after, the nearest first: the folders that it is in, then the file without its ending. */
export function namesIn(path: string): string[] {
  const folders = path.split('/');
  const file = folders.pop() ?? '';
  return [...folders.reverse(), file.replace(/\.[^.]*$/, '')];
}
