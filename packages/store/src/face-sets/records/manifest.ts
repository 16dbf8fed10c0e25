import type { Item, Table } from '../../dynamodb/table.ts';
import type { ChangeKind } from './change-log.ts';
import { manifestKey } from './keys.ts';

/** An operation that has begun and is not known to have ended. */
export type InFlight =
  | { readonly kind: 'add'; readonly from: number; readonly count: number; readonly at: number }
  /** Takes `count` numbers for `faces` faces. It may last for days, and nobody but its own runs recovers it. */
  | {
      readonly kind: 'import';
      readonly from: number;
      readonly count: number;
      readonly faces: number;
      readonly at: number;
    }
  | { readonly kind: 'change'; readonly revision: number; readonly at: number };

/** One segment of a set: the faces with numbers in [from, to). Numbers between segments have no face. */
export interface SegmentEntry {
  /** The object's key in the bucket. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly bytes: number;
  /** The first so many bytes hold all but the vectors: header, codes and columns. */
  readonly coldReadBytes: number;
}

/** A segment that was replaced; slow readers may go on with it for the grace time. */
interface RetiredSegment {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * What decides on a set: every write to the set begins and ends with a conditional change of its manifest, and who has read
 * it knows which numbers and revisions are committed. The item's attributes keep the names of the first layout.
 */
export interface SetManifest {
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
  readonly revision: number;
  /** Updates that have begun; undefined where an older openfrs made the set and none began since. */
  readonly updates: number | undefined;
  readonly inFlight: ReadonlyMap<string, InFlight>;
  readonly segments: readonly SegmentEntry[];
  readonly retired: readonly RetiredSegment[];
  /** Raised by each change of the two lists. */
  readonly segmentsVersion: number;
  /** Changes up to this one are in the segments; their records may be gone. */
  readonly truncatedTo: number;
  /** Set when the set was deleted: the moment from which it doesn't exist, in milliseconds since 1970. */
  readonly goneAt: number | undefined;
  /** The removal that did it. */
  readonly goneBy: string | undefined;
  /** Of a set that is gone because another has its faces and its name: that set's id. */
  readonly replacedBy: string | undefined;
  /** Until then nobody may begin to write, in milliseconds since 1970: another set is about to take its name. */
  readonly readOnlyUntil: number;
}

export async function readManifest(table: Table, setId: string): Promise<SetManifest | undefined> {
  const item = await table.get(manifestKey(setId));
  return item === undefined ? undefined : decodeManifest(item);
}

/** Makes the item of a new set, or of a restored one whose faces are written. False where the id is taken. */
export async function createManifest(
  table: Table,
  manifest: Pick<SetManifest, 'setId' | 'projectId' | 'name' | 'idKey'> & { readonly createdAt: number },
  { used, next }: Pick<SetManifest, 'used' | 'next'> = { used: 0, next: 0 },
): Promise<boolean> {
  const { setId, projectId, name, idKey, createdAt } = manifest;
  const item = {
    ...manifestKey(setId),
    projectId,
    name,
    idKey,
    createdAt,
    used,
    next,
    rev: 0,
    updates: 0,
    inflight: {},
    marks: {},
    segments: [],
    retired: [],
    segmentsVersion: 0,
    logCleared: 0,
  };
  return table.put(item, 'attribute_not_exists(pk)');
}

/** The item, where it differs from the manifest. */
interface StoredManifest
  extends Pick<
    SetManifest,
    'projectId' | 'name' | 'idKey' | 'used' | 'next' | 'retired' | 'segmentsVersion'
  > {
  readonly rev: number;
  /** Absent, or of later updates alone, where an older openfrs made the set. */
  readonly updates?: number;
  readonly inflight: Readonly<Record<string, StoredOperation>>;
  /** The number or revision of each operation in flight: an expression can't compute a value inside a new map. */
  readonly marks: Readonly<Record<string, number>>;
  readonly segments: readonly StoredSegment[];
  readonly logCleared: number;
  readonly goneAt?: number;
  readonly goneBy?: string;
  readonly replacedBy?: string;
  readonly readOnlyUntil?: number;
}

type StoredOperation =
  | { readonly kind: 'add'; readonly count: number; readonly at: number }
  | { readonly kind: 'import'; readonly count: number; readonly faces: number; readonly at: number }
  | { readonly kind: 'change'; readonly at: number };

type StoredSegment = Omit<SegmentEntry, 'coldReadBytes'> & { readonly hotBytes: number };

export function decodeManifest(item: Item): SetManifest {
  const stored = item as Item & StoredManifest;
  const inFlight = Object.entries(stored.inflight).map(([op, entry]): [string, InFlight] => {
    const mark = stored.marks[op] as number;
    return [op, entry.kind === 'change' ? { ...entry, revision: mark } : { ...entry, from: mark }];
  });
  return {
    setId: item.pk.slice('SET#'.length),
    projectId: stored.projectId,
    name: stored.name,
    idKey: stored.idKey,
    used: stored.used,
    next: stored.next,
    revision: stored.rev,
    updates: stored.updates,
    inFlight: new Map(inFlight),
    segments: stored.segments.map(({ hotBytes, ...entry }) => ({ ...entry, coldReadBytes: hotBytes })),
    retired: stored.retired,
    segmentsVersion: stored.segmentsVersion,
    truncatedTo: stored.logCleared,
    goneAt: stored.goneAt,
    goneBy: stored.goneBy,
    replacedBy: stored.replacedBy,
    readOnlyUntil: stored.readOnlyUntil ?? 0,
  };
}

function encodeSegment({ coldReadBytes, ...entry }: SegmentEntry): StoredSegment {
  return { ...entry, hotBytes: coldReadBytes };
}

/** A set that doesn't exist, or doesn't any more. */
export const isDeleted = (manifest: SetManifest | undefined): manifest is undefined =>
  manifest === undefined || manifest.goneAt !== undefined;

/** Faces that are stored; those that adds and imports in flight have only reserved don't count. */
export function faceNumber(manifest: SetManifest): number {
  let reserved = 0;
  for (const op of manifest.inFlight.values()) {
    if (op.kind === 'add') reserved += op.count;
    else if (op.kind === 'import') reserved += op.faces;
  }
  return manifest.used - reserved;
}

/** Condition of every write to a manifest: the set isn't deleted. */
export const exists = 'attribute_exists(pk) AND attribute_not_exists(goneAt)';
const isNew = 'attribute_not_exists(inflight.#op)';
const isWritable = '(attribute_not_exists(readOnlyUntil) OR readOnlyUntil < :at)';

/** Reserves numbers for faces to add: `undefined` where the set is deleted, has no room, or `op` is in flight already. */
export async function beginAdd(
  table: Table,
  setId: string,
  op: string,
  count: number,
  capacity: number,
  at: number,
): Promise<SetManifest | undefined> {
  return reserve(table, setId, op, { kind: 'add', count, at }, count, capacity);
}

/** The same for an import, whose faces may leave numbers free between them. */
export async function beginImport(
  table: Table,
  setId: string,
  op: string,
  entry: { readonly count: number; readonly faces: number; readonly at: number },
  capacity: number,
): Promise<SetManifest | undefined> {
  return reserve(table, setId, op, { kind: 'import', ...entry }, entry.faces, capacity);
}

async function reserve(
  table: Table,
  setId: string,
  op: string,
  entry: StoredOperation & { readonly count: number },
  faces: number,
  capacity: number,
): Promise<SetManifest | undefined> {
  // `next` of before the change becomes the mark: DynamoDB reads all values before it writes any.
  const item = await table.update(manifestKey(setId), {
    UpdateExpression:
      'SET used = used + :n, #next = #next + :count, inflight.#op = :entry, marks.#op = #next',
    ConditionExpression: `${exists} AND ${isWritable} AND ${isNew} AND used <= :room`,
    ExpressionAttributeNames: { '#op': op, '#next': 'next' },
    ExpressionAttributeValues: {
      ':n': faces,
      ':count': entry.count,
      ':room': capacity - faces,
      ':entry': entry,
      ':at': entry.at,
    },
  });
  return item === undefined ? undefined : decodeManifest(item);
}

/** Begins a change: `undefined` where the set is deleted or `op` is in flight already. */
export async function beginChange(
  table: Table,
  setId: string,
  op: string,
  kind: ChangeKind,
  at: number,
): Promise<SetManifest | undefined> {
  const item = await table.update(manifestKey(setId), {
    UpdateExpression: `SET rev = rev + :one, inflight.#op = :entry, marks.#op = rev + :one${
      kind === 'update' ? ' ADD updates :one' : ''
    }`,
    ConditionExpression: `${exists} AND ${isWritable} AND ${isNew}`,
    ExpressionAttributeNames: { '#op': op },
    ExpressionAttributeValues: { ':one': 1, ':at': at, ':entry': { kind: 'change', at } },
  });
  return item === undefined ? undefined : decodeManifest(item);
}

/** Ends an operation, giving `freed` places back. False where it had ended before, or the set is deleted. */
export async function endOperation(table: Table, setId: string, op: string, freed: number): Promise<boolean> {
  const item = await table.update(manifestKey(setId), {
    UpdateExpression: 'SET used = used - :freed REMOVE inflight.#op, marks.#op',
    ConditionExpression: `${exists} AND attribute_exists(inflight.#op)`,
    ExpressionAttributeNames: { '#op': op },
    ExpressionAttributeValues: { ':freed': freed },
  });
  return item !== undefined;
}

/** Marks a set as deleted: from here on it doesn't exist. False where it didn't before. */
export async function markDeleted(table: Table, setId: string, op: string, at: number): Promise<boolean> {
  const item = await table.update(manifestKey(setId), {
    UpdateExpression: 'SET goneAt = :at, goneBy = :op',
    ConditionExpression: exists,
    ExpressionAttributeValues: { ':at': at, ':op': op },
  });
  return item !== undefined;
}

/** Notes the name that a set is about to have. False where the set is deleted or something is in flight. */
export async function renameManifest(table: Table, setId: string, name: string): Promise<boolean> {
  const item = await table.update(manifestKey(setId), {
    UpdateExpression: 'SET #name = :name',
    ConditionExpression: `${exists} AND size(inflight) = :none`,
    ExpressionAttributeNames: { '#name': 'name' },
    ExpressionAttributeValues: { ':name': name, ':none': 0 },
  });
  return item !== undefined;
}

/** How far a set had come: if nothing was in flight then, and all of it is the same now, nothing was written to it between. */
export type SetProgress = Pick<SetManifest, 'next' | 'revision' | 'inFlight'>;

/**
 * Marks a set as deleted because another takes its name, if nothing was in flight at `seen`, nothing was written since, and nothing
 * is in flight now: what was acknowledged is in `seen`.
 * @param by the other set, and the run that has the lease of the reindexing: nobody removes the other set while it has
 */
export async function markReplaced(
  table: Table,
  setId: string,
  seen: SetProgress,
  by: { readonly id: string; readonly run: string },
  at: number,
): Promise<boolean> {
  if (seen.inFlight.size > 0) return false;
  const item = await table.update(manifestKey(setId), {
    UpdateExpression: 'SET goneAt = :at, goneBy = :by, replacedBy = :by',
    ConditionExpression: `${exists} AND #next = :next AND rev = :rev AND size(inflight) = :none AND reindexRun = :run`,
    ExpressionAttributeNames: { '#next': 'next' },
    ExpressionAttributeValues: {
      ':at': at,
      ':by': by.id,
      ':run': by.run,
      ':next': seen.next,
      ':rev': seen.revision,
      ':none': 0,
    },
  });
  // The SDK may have repeated a write that had come through.
  return item !== undefined || (await readManifest(table, setId))?.replacedBy === by.id;
}

/**
 * Replaces the lists of segments, if nobody else did since `manifest` was read.
 * @returns false where others did, or the set is deleted
 */
export async function switchSegments(
  table: Table,
  manifest: SetManifest,
  next: Pick<SetManifest, 'segments' | 'retired' | 'truncatedTo'>,
): Promise<boolean> {
  const item = await table.update(manifestKey(manifest.setId), {
    UpdateExpression:
      'SET #segments = :segments, retired = :retired, logCleared = :cleared, segmentsVersion = :next',
    ConditionExpression: `${exists} AND segmentsVersion = :now`,
    ExpressionAttributeNames: { '#segments': 'segments' },
    ExpressionAttributeValues: {
      ':segments': next.segments.map(encodeSegment),
      ':retired': next.retired,
      ':cleared': next.truncatedTo,
      ':now': manifest.segmentsVersion,
      ':next': manifest.segmentsVersion + 1,
    },
  });
  if (item !== undefined) return true;
  // The SDK may have repeated a switch that had come through.
  const now = await readManifest(table, manifest.setId);
  return (
    !isDeleted(now) &&
    now.segmentsVersion === manifest.segmentsVersion + 1 &&
    JSON.stringify(now.segments.map(({ key }) => key)) === JSON.stringify(next.segments.map(({ key }) => key))
  );
}
