import { Malformed } from './byte-cursor.ts';
import { maskedCrc32c } from './crc32c.ts';

/** LevelDB's log format (its documentation's "log format"): records in pieces that don't cross the blocks of a file. */
const blockBytes = 32 * 1024;
const headerBytes = 7;
const piece = { full: 1, first: 2, middle: 3, last: 4 } as const;

/**
 * The records of a log or a manifest. An unfinished one at the end is left out: a process that was killed leaves it.
 * @throws Malformed anything else is not as it was written
 */
export function* logRecords(bytes: Buffer): Generator<Buffer> {
  let open: Buffer[] | undefined;
  for (let at = 0; at < bytes.length; ) {
    const left = blockBytes - (at % blockBytes);
    if (left < headerBytes) {
      at += left;
      continue;
    }
    if (at + headerBytes > bytes.length) return;
    const length = bytes.readUInt16LE(at + 4);
    const type = bytes[at + 6] as number;
    // Room that was given to the file and never written.
    if (type === 0 && length === 0 && bytes.subarray(at).every((byte) => byte === 0)) return;
    const end = at + headerBytes + length;
    if (headerBytes + length > left) throw new Malformed(`the record at ${at} is too long`);
    if (end > bytes.length) return;
    if (maskedCrc32c(bytes, at + 6, end) !== bytes.readUInt32LE(at)) {
      throw new Malformed(`the checksum of the record at ${at} is wrong`);
    }
    const content = bytes.subarray(at + headerBytes, end);
    const opens = type === piece.full || type === piece.first;
    if (!opens && open === undefined) throw new Malformed(`the record at ${at} has no beginning`);
    if (opens) open = [];
    open?.push(content);
    if (type === piece.full || type === piece.last) {
      yield Buffer.concat(open ?? []);
      open = undefined;
    }
    at = end;
  }
}
