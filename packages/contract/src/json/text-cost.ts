import { isAscii } from 'node:buffer';

/** Letters are counted in pieces of this size, of which so many may have any. */
const pieceBytes = 64 * 1024;
const mostPieces = 16;

/**
 * Has a text little beyond ASCII? Decoding such letters is ten times as dear as Base64, 12 MB of them hold the event loop for 150 ms, and
 * no request has more than some kilobytes: a filter of 16,384 letters, beside a picture.
 */
export function isMostlyAscii(bytes: Uint8Array): boolean {
  let pieces = 0;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (isAscii(bytes.subarray(at, at + pieceBytes))) continue;
    pieces += 1;
    if (pieces > mostPieces) return false;
  }
  return true;
}
