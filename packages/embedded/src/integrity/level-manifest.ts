import { ByteCursor, Malformed } from './byte-cursor.ts';
import { scanLog } from './level-log.ts';

/** What a LevelDB's manifest says that there is. */
export interface Manifest {
  /** Sizes by number of the files with sorted data. */
  readonly tables: ReadonlyMap<number, number>;
  /** Logs from this number on hold what is in no table yet; 0 in one that was just made. */
  readonly logNumber: number;
}

/** Tags of LevelDB's version edits (db/version_edit.cc). */
const tag = {
  comparator: 1,
  logNumber: 2,
  nextFile: 3,
  lastSequence: 4,
  compactPointer: 5,
  deletedFile: 6,
  newFile: 7,
  previousLog: 9,
} as const;

/** @throws Malformed */
export function readManifest(bytes: Buffer): Manifest {
  const tables = new Map<number, number>();
  let logNumber: number | undefined;
  const seen = new Set<number>();
  for (const record of scanLog(bytes).records) {
    const cursor = new ByteCursor(record);
    while (!cursor.done) {
      const kind = cursor.varint();
      seen.add(kind);
      switch (kind) {
        case tag.comparator:
          cursor.text();
          break;
        case tag.logNumber:
          logNumber = cursor.varint();
          break;
        case tag.nextFile:
        case tag.lastSequence:
        case tag.previousLog:
          cursor.varint();
          break;
        case tag.compactPointer:
          cursor.varint();
          cursor.text();
          break;
        case tag.deletedFile:
          cursor.varint();
          tables.delete(cursor.varint());
          break;
        case tag.newFile: {
          cursor.varint();
          const number = cursor.varint();
          tables.set(number, cursor.varint());
          cursor.text();
          cursor.text();
          break;
        }
        default:
          throw new Malformed(`it has an entry of the unknown kind ${kind}`);
      }
    }
  }
  if (logNumber === undefined || !seen.has(tag.nextFile) || !seen.has(tag.lastSequence)) {
    throw new Malformed('its beginning is missing');
  }
  return { tables, logNumber };
}
