import { createHash } from 'node:crypto';
import type { AccessKey, ApiToken, Domain, Project, User } from '@openfrs/core';
import * as z from 'zod';
import { type LogRecord, logNames } from '../adapters/stored-logs.ts';
import {
  ExportDamaged,
  type ExportedFace,
  type ExportHeader,
  exportKind,
  readFace,
  readHeader,
  writeHeader,
} from '../face-sets/transfer/format.ts';

/*
 * A backup is a text of lines, each a JSON object: a head, the accounts, the logs, each face set as in EXPORT.md with an end of its
 * own, and the end with the SHA-256 of all lines before it. packages/docs/backup.md describes it for people.
 */

/** Layout of the lines. A reader refuses one that it doesn't know. */
const version = 1;

/** What the first line says. */
export interface BackupHead {
  /** Names this backup. */
  readonly id: string;
  /** When it was begun, ISO 8601. */
  readonly created: string;
  /** The version of openfrs that wrote it. */
  readonly openfrs: string;
  /** The public ids of the keys (FRS_SECRET_KEY) that sealed the access keys that work. */
  readonly secretKeys: readonly string[];
}

export interface BackedUpSet extends ExportHeader {
  readonly id: string;
  readonly projectId: string;
  readonly createdAt: Date;
  readonly idKey: Uint8Array;
  /** The number that the next face would have got: all below may have been given out. */
  readonly next: number;
}

export type AccountEntry =
  | { readonly kind: 'domain'; readonly entity: Domain }
  | { readonly kind: 'user'; readonly entity: User }
  | { readonly kind: 'project'; readonly entity: Project }
  | { readonly kind: 'access_key'; readonly entity: AccessKey }
  | { readonly kind: 'api_token'; readonly entity: ApiToken };

/** One line, read. */
export type BackupEntry =
  | { readonly kind: 'head'; readonly head: BackupHead }
  | AccountEntry
  | { readonly kind: 'log'; readonly record: LogRecord }
  | { readonly kind: 'face_set'; readonly set: BackedUpSet }
  | { readonly kind: 'face'; readonly face: ExportedFace & { readonly number: number } }
  /** `deleted`: the set was deleted while it was read, and is not in the backup. */
  | { readonly kind: 'end_of_face_set'; readonly faces: number; readonly deleted: boolean };

/** A file that is no backup, or not a whole one; the message says which line and why. */
export class BackupDamaged extends Error {
  override readonly name = 'BackupDamaged';
}

const text = z.string().min(1);
const entity = z.looseObject({ id: text });
const owned = z.looseObject({ id: text, domainId: text });

const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('openfrs.backup'),
    version: z.number(),
    id: text,
    created: z.iso.datetime(),
    openfrs: z.string(),
    secret_keys: z.array(text),
  }),
  z.object({ kind: z.literal('domain'), entity: entity.extend({ name: text, enabled: z.boolean() }) }),
  z.object({ kind: z.literal('user'), entity: owned.extend({ name: text, passwordHash: text }) }),
  z.object({ kind: z.literal('project'), entity: owned.extend({ name: text, quotas: z.looseObject({}) }) }),
  z.object({ kind: z.literal('access_key'), entity: owned.extend({ userId: text, sealedSecret: text }) }),
  z.object({ kind: z.literal('api_token'), entity: owned.extend({ userId: text, secretHash: text }) }),
  z.object({
    kind: z.literal('log'),
    log: z.enum(logNames),
    of: z.string(),
    key: text,
    values: z.record(z.string(), z.unknown()),
  }),
  z.looseObject({
    kind: z.literal(exportKind),
    id: text,
    project_id: text,
    created: z.iso.datetime(),
    next: z.int().nonnegative(),
  }),
  z.object({ kind: z.literal('end_of_face_set'), faces: z.int().nonnegative(), deleted: z.boolean() }),
  z.object({ kind: z.literal('end'), sha256: z.hex().length(64) }),
]);
type Line = z.infer<typeof lineSchema>;

const lineOf = (line: Line) => `${JSON.stringify(line)}\n`;

export const writeHead = ({ secretKeys, ...head }: BackupHead) =>
  lineOf({ kind: 'openfrs.backup', version, ...head, secret_keys: [...secretKeys] });

export const writeAccount = (entry: AccountEntry) => `${JSON.stringify(entry)}\n`;

export const writeLog = (record: LogRecord) => lineOf({ kind: 'log', ...record });

/** The line of EXPORT.md with what only a backup needs. */
export function writeSet({ id, projectId, createdAt, next, ...header }: BackedUpSet): string {
  const more = JSON.stringify({ id, project_id: projectId, created: createdAt.toISOString(), next });
  return `${writeHeader(header).trimEnd().slice(0, -1)},${more.slice(1)}\n`;
}

export const writeEndOfSet = (end: { readonly faces: number; readonly deleted: boolean }) =>
  lineOf({ kind: 'end_of_face_set', ...end });

/** The same lines with the end behind them. */
export async function* withEnd(lines: AsyncIterable<string>): AsyncGenerator<string> {
  const hash = createHash('sha256');
  for await (const line of lines) {
    hash.update(line);
    yield line;
  }
  yield lineOf({ kind: 'end', sha256: hash.digest('hex') });
}

/**
 * Reads a backup line by line and checks all of it: form, order, counts and, at its end, the sum. Nothing of it may be relied on
 * before the last entry has come.
 * @param lines without their line ends
 * @throws BackupDamaged
 */
export async function* readBackup(lines: AsyncIterable<string>): AsyncGenerator<BackupEntry> {
  const hash = createHash('sha256');
  let at = 0;
  let set: BackedUpSet | undefined;
  let faces = 0;
  let last = -1;
  let hasEnded = false;
  for await (const line of lines) {
    at += 1;
    if (hasEnded) throw new BackupDamaged(`Line ${at}: there is more behind the end of the backup.`);
    if (set !== undefined && !line.startsWith('{"kind":')) {
      const face = faceOf(line, at, set);
      if (face.number <= last || face.number >= set.next)
        throw new BackupDamaged(`Line ${at}: number is wrong.`);
      last = face.number;
      faces += 1;
      yield { kind: 'face', face };
    } else {
      const read = parseLine(line, at);
      if ((at === 1) !== (read.kind === 'openfrs.backup')) {
        throw new BackupDamaged(at === 1 ? 'This is not a backup of openfrs.' : `Line ${at}: a second head.`);
      }
      if ((read.kind === 'end_of_face_set') !== (set !== undefined)) {
        throw new BackupDamaged(`Line ${at}: ${read.kind} is out of place.`);
      }
      if (read.kind === 'end') {
        if (read.sha256 !== hash.digest('hex'))
          throw new BackupDamaged(
            'The sum of the backup (SHA-256) does not match: it was changed or damaged.',
          );
        hasEnded = true;
        continue;
      }
      const entry = entryOf(read, line, at);
      if (entry.kind === 'face_set') [set, faces, last] = [entry.set, 0, -1];
      if (entry.kind === 'end_of_face_set') {
        if (entry.faces !== faces)
          throw new BackupDamaged(`Line ${at}: ${faces} faces where ${entry.faces} were written.`);
        set = undefined;
      }
      yield entry;
    }
    hash.update(line).update('\n');
  }
  if (at === 0) throw new BackupDamaged('This is not a backup of openfrs: the file is empty.');
  if (!hasEnded) throw new BackupDamaged('The backup has no end: it was cut off.');
}

function parseLine(line: string, at: number): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new BackupDamaged(at === 1 ? 'This is not a backup of openfrs.' : `Line ${at} is not JSON.`, {
      cause,
    });
  }
  const read = lineSchema.safeParse(value);
  if (read.success) return read.data;
  if (at === 1) throw new BackupDamaged('This is not a backup of openfrs.');
  const { path, message } = read.error.issues[0] as z.core.$ZodIssue;
  throw new BackupDamaged(`Line ${at}: ${path.join('.')}: ${message}`);
}

function entryOf(read: Exclude<Line, { kind: 'end' }>, line: string, at: number): BackupEntry {
  switch (read.kind) {
    case 'openfrs.backup': {
      if (read.version !== version)
        throw new BackupDamaged(
          `A backup of layout ${read.version} can't be read, only ${version}: use a newer openfrs.`,
        );
      const { id, created, openfrs, secret_keys: secretKeys } = read;
      return { kind: 'head', head: { id, created, openfrs, secretKeys } };
    }
    case 'log': {
      const { kind, ...record } = read;
      return { kind, record };
    }
    case exportKind: {
      const header = asBackup(() => readHeader(line, at));
      const { idKey } = header;
      if (idKey === undefined) throw new BackupDamaged(`Line ${at}: id_key is missing.`);
      const { id, project_id: projectId, created, next } = read;
      return {
        kind: 'face_set',
        set: { ...header, idKey, id, projectId, createdAt: new Date(created), next },
      };
    }
    case 'end_of_face_set':
      return read;
    default:
      // The members that matter here are checked; all of them stay as `writeAccount` has written them.
      return JSON.parse(line) as AccountEntry;
  }
}

function faceOf(line: string, at: number, set: BackedUpSet): ExportedFace & { readonly number: number } {
  const face = asBackup(() => readFace(line, at, set));
  if (face.number === undefined) throw new BackupDamaged(`Line ${at}: number is missing.`);
  return { ...face, number: face.number };
}

function asBackup<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof ExportDamaged) throw new BackupDamaged(error.message, { cause: error });
    throw error;
  }
}
