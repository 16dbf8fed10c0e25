import { Malformed } from './byte-cursor.ts';
import { maskedCrc32c } from './crc32c.ts';

/** LevelDB's log format (its documentation's "log format"): records in pieces that don't cross the blocks of a file. */
const blockBytes = 32 * 1024;
const headerBytes = 7;
const piece = { full: 1, first: 2, middle: 3, last: 4 } as const;

/** A batch of writes has a head of so many bytes: no record of LevelDB's is shorter. */
const leastBytes = 12;

export interface LogScan {
  readonly records: readonly Buffer[];
  /** Where the last whole record ends. */
  readonly end: number;
  /** Why what follows is no record: the write that a stop cut off, or damage of the last one. */
  readonly torn?: string;
}

/**
 * Reads a log or a manifest. Every write is on the disk before the next one begins: what is no record and has none behind it is
 * what a power cut or a kill left of the last write.
 * @throws Malformed a record that others follow is not as it was written
 */
export function scanLog(bytes: Buffer): LogScan {
  const records: Buffer[] = [];
  let end = 0;
  let open: Buffer[] | undefined;
  for (let at = 0; at < bytes.length; ) {
    const left = blockBytes - (at % blockBytes);
    if (left < headerBytes) {
      at += left;
      continue;
    }
    const torn = problemAt(bytes, at, left, open !== undefined);
    if (torn !== undefined) {
      if (recordFollows(bytes, at)) throw new Malformed(torn);
      return { records, end, torn };
    }
    const type = bytes[at + 6] as number;
    const next = at + headerBytes + bytes.readUInt16LE(at + 4);
    if (type === piece.full || type === piece.first) open = [];
    open?.push(bytes.subarray(at + headerBytes, next));
    at = next;
    if (type !== piece.full && type !== piece.last) continue;
    records.push(Buffer.concat(open ?? []));
    open = undefined;
    end = at;
  }
  return open === undefined ? { records, end } : { records, end, torn: 'its last record has no end' };
}

/** @param left so many bytes of the block */
function problemAt(bytes: Buffer, at: number, left: number, open: boolean): string | undefined {
  if (at + headerBytes > bytes.length) return `the record at ${at} is cut off`;
  const end = at + headerBytes + bytes.readUInt16LE(at + 4);
  const type = bytes[at + 6] as number;
  if (end - at > left) return `the record at ${at} is too long`;
  if (end > bytes.length) return `the record at ${at} is cut off`;
  if (maskedCrc32c(bytes, at + 6, end) !== bytes.readUInt32LE(at)) {
    return `the checksum of the record at ${at} is wrong`;
  }
  if (!open && type !== piece.full && type !== piece.first) return `the record at ${at} has no beginning`;
  return undefined;
}

/** Whether a record begins anywhere behind a place, whatever lies between. */
function recordFollows(bytes: Buffer, behind: number): boolean {
  for (let at = behind + 1; at + headerBytes + leastBytes <= bytes.length; at++) {
    const type = bytes[at + 6];
    if (type !== piece.full && type !== piece.first) continue;
    const left = blockBytes - (at % blockBytes);
    const length = headerBytes + bytes.readUInt16LE(at + 4);
    if (length > left || length < headerBytes + leastBytes || at + length > bytes.length) continue;
    // The first piece of a longer record fills its block.
    if (type === piece.first && length !== left) continue;
    if (maskedCrc32c(bytes, at + 6, at + length) === bytes.readUInt32LE(at)) return true;
  }
  return false;
}
