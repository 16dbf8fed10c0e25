import type { Database, Item } from '../../dynamodb/table.ts';
import { metaKey } from './keys.ts';

/** An operation that has begun and is not known to have ended. */
export type Inflight =
  | { readonly kind: 'add'; readonly from: number; readonly count: number; readonly at: number }
  /** Takes `count` numbers for `faces` faces; may last for days and is settled by who began it only. */
  | {
      readonly kind: 'import';
      readonly from: number;
      readonly count: number;
      readonly faces: number;
      readonly at: number;
    }
  | { readonly kind: 'change'; readonly rev: number; readonly at: number };

/** One segment of a set: the faces with numbers in [from, to). Numbers between segments have no face. */
export interface SegmentEntry {
  /** The object's key in the bucket. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly bytes: number;
  /** The first so many bytes are what a search begins with. */
  readonly hotBytes: number;
}

/** A segment that was replaced: those who read it may go on for a while. */
export interface RetiredSegment {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * The one item a set's consistency hangs on. Every write to the set begins and ends with a conditional change of it,
 * and a reader who has seen it knows which of the numbers and revisions below it are settled.
 */
export interface Meta {
  readonly setId: string;
  readonly projectId: string;
  readonly name: string;
  /** The key of the set's face ids. */
  readonly idKey: Uint8Array;
  /** Faces stored plus faces reserved by adds in flight. */
  readonly used: number;
  /** The next face's number; numbers are never used again. */
  readonly next: number;
  /** The last change (update or delete) that has begun. */
  readonly rev: number;
  readonly inflight: ReadonlyMap<string, Inflight>;
  readonly segments: readonly SegmentEntry[];
  readonly retired: readonly RetiredSegment[];
  /** Raised by each change of the two lists. */
  readonly segmentsVersion: number;
  /** Changes up to this one are in the segments, and their log may be gone. */
  readonly logCleared: number;
  /** Set when the set was deleted: the moment from which it doesn't exist. */
  readonly goneAt: number | undefined;
  /** The removal that did it. */
  readonly goneBy: string | undefined;
}

export async function readMeta(database: Database, setId: string): Promise<Meta | undefined> {
  const item = await database.get(metaKey(setId));
  return item === undefined ? undefined : decodeMeta(item);
}

/** Makes the item of a new set. False where the id is taken. */
export async function createMeta(
  database: Database,
  meta: Pick<Meta, 'setId' | 'projectId' | 'name' | 'idKey'> & { readonly createdAt: number },
): Promise<boolean> {
  const { setId, projectId, name, idKey, createdAt } = meta;
  const item = {
    ...metaKey(setId),
    projectId,
    name,
    idKey,
    createdAt,
    used: 0,
    next: 0,
    rev: 0,
    inflight: {},
    marks: {},
    segments: [],
    retired: [],
    segmentsVersion: 0,
    logCleared: 0,
  };
  return database.put(item, 'attribute_not_exists(pk)');
}

interface StoredState {
  inflight: Record<
    string,
    | { kind: 'add'; count: number; at: number }
    | { kind: 'import'; count: number; faces: number; at: number }
    | { kind: 'change'; at: number }
  >;
  /** The number or revision of each operation in flight: an expression can't compute a value inside a new map. */
  marks: Record<string, number>;
  goneAt?: number;
  goneBy?: string;
}

export function decodeMeta(item: Item): Meta {
  const stored = item as Item & Omit<Meta, 'inflight' | 'goneAt' | 'goneBy'> & StoredState;
  const inflight = Object.entries(stored.inflight).map(([op, entry]): [string, Inflight] => {
    const mark = stored.marks[op] as number;
    return [op, entry.kind === 'change' ? { ...entry, rev: mark } : { ...entry, from: mark }];
  });
  return {
    setId: item.pk.slice('SET#'.length),
    projectId: stored.projectId,
    name: stored.name,
    idKey: stored.idKey,
    used: stored.used,
    next: stored.next,
    rev: stored.rev,
    inflight: new Map(inflight),
    segments: stored.segments,
    retired: stored.retired,
    segmentsVersion: stored.segmentsVersion,
    logCleared: stored.logCleared,
    goneAt: stored.goneAt,
    goneBy: stored.goneBy,
  };
}

/** A set that doesn't exist, or doesn't any more. */
export const isGone = (meta: Meta | undefined): meta is undefined =>
  meta === undefined || meta.goneAt !== undefined;

/** Faces that are stored: those that adds in flight have only reserved don't count. */
export function faceNumber(meta: Meta): number {
  let reserved = 0;
  for (const op of meta.inflight.values()) {
    if (op.kind === 'add') reserved += op.count;
    else if (op.kind === 'import') reserved += op.faces;
  }
  return meta.used - reserved;
}

const alive = 'attribute_exists(pk) AND attribute_not_exists(goneAt)';
const fresh = 'attribute_not_exists(inflight.#op)';

/** Reserves numbers for faces to add: `undefined` where the set is gone, has no room, or `op` is in flight already. */
export async function beginAdd(
  database: Database,
  setId: string,
  op: string,
  count: number,
  capacity: number,
  at: number,
): Promise<Meta | undefined> {
  return reserve(database, setId, op, { kind: 'add', count, at }, count, capacity);
}

/** The same for an import, whose faces may leave numbers free between them. */
export async function beginImport(
  database: Database,
  setId: string,
  op: string,
  entry: { readonly count: number; readonly faces: number; readonly at: number },
  capacity: number,
): Promise<Meta | undefined> {
  return reserve(database, setId, op, { kind: 'import', ...entry }, entry.faces, capacity);
}

async function reserve(
  database: Database,
  setId: string,
  op: string,
  entry: StoredState['inflight'][string] & { count: number },
  faces: number,
  capacity: number,
): Promise<Meta | undefined> {
  // `next` of before the change becomes the mark: DynamoDB reads all values before it writes any.
  const item = await database.update(metaKey(setId), {
    UpdateExpression:
      'SET used = used + :n, #next = #next + :count, inflight.#op = :entry, marks.#op = #next',
    ConditionExpression: `${alive} AND ${fresh} AND used <= :room`,
    ExpressionAttributeNames: { '#op': op, '#next': 'next' },
    ExpressionAttributeValues: {
      ':n': faces,
      ':count': entry.count,
      ':room': capacity - faces,
      ':entry': entry,
    },
  });
  return item === undefined ? undefined : decodeMeta(item);
}

/** Begins a change: `undefined` where the set is gone or `op` is in flight already. */
export async function beginChange(
  database: Database,
  setId: string,
  op: string,
  at: number,
): Promise<Meta | undefined> {
  const item = await database.update(metaKey(setId), {
    UpdateExpression: 'SET rev = rev + :one, inflight.#op = :entry, marks.#op = rev + :one',
    ConditionExpression: `${alive} AND ${fresh}`,
    ExpressionAttributeNames: { '#op': op },
    ExpressionAttributeValues: { ':one': 1, ':entry': { kind: 'change', at } },
  });
  return item === undefined ? undefined : decodeMeta(item);
}

/** Ends an operation, giving `freed` places back. False where it had ended before, or the set is gone. */
export async function endOperation(
  database: Database,
  setId: string,
  op: string,
  freed: number,
): Promise<boolean> {
  const item = await database.update(metaKey(setId), {
    UpdateExpression: 'SET used = used - :freed REMOVE inflight.#op, marks.#op',
    ConditionExpression: `${alive} AND attribute_exists(inflight.#op)`,
    ExpressionAttributeNames: { '#op': op },
    ExpressionAttributeValues: { ':freed': freed },
  });
  return item !== undefined;
}

/** Marks a set as deleted: from here on it doesn't exist. False where it didn't before. */
export async function markGone(database: Database, setId: string, op: string, at: number): Promise<boolean> {
  const item = await database.update(metaKey(setId), {
    UpdateExpression: 'SET goneAt = :at, goneBy = :op',
    ConditionExpression: alive,
    ExpressionAttributeValues: { ':at': at, ':op': op },
  });
  return item !== undefined;
}

/**
 * Replaces the lists of segments, if nobody else did since `meta` was read.
 * @returns false where others did, or the set is gone
 */
export async function switchSegments(
  database: Database,
  meta: Meta,
  next: Pick<Meta, 'segments' | 'retired' | 'logCleared'>,
): Promise<boolean> {
  const item = await database.update(metaKey(meta.setId), {
    UpdateExpression:
      'SET #segments = :segments, retired = :retired, logCleared = :cleared, segmentsVersion = :next',
    ConditionExpression: `${alive} AND segmentsVersion = :now`,
    ExpressionAttributeNames: { '#segments': 'segments' },
    ExpressionAttributeValues: {
      ':segments': next.segments,
      ':retired': next.retired,
      ':cleared': next.logCleared,
      ':now': meta.segmentsVersion,
      ':next': meta.segmentsVersion + 1,
    },
  });
  if (item !== undefined) return true;
  // The SDK may have repeated a switch that had come through.
  const now = await readMeta(database, meta.setId);
  return (
    !isGone(now) &&
    now.segmentsVersion === meta.segmentsVersion + 1 &&
    JSON.stringify(now.segments.map(({ key }) => key)) === JSON.stringify(next.segments.map(({ key }) => key))
  );
}
