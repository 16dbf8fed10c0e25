import { type ChangeLog, readChanges } from '../records/change-log.ts';
import { isDead, readFaces } from '../records/faces.ts';
import { changeKey, faceKey } from '../records/keys.ts';
import { isGone, type Meta, readMeta, switchSegments } from '../records/manifest.ts';
import type { Store } from '../context.ts';

/**
 * Clears away what nobody needs any more, after the grace time in which slow readers and writers may: replaced segments,
 * segments that a compaction left behind, the log of changes that are in the segments, and their tombstones.
 */
export async function collectGarbage(store: Store, setId: string): Promise<void> {
  const meta = await readMeta(store.database, setId);
  if (isGone(meta)) return;
  const before = store.now() - store.limits.graceMs;
  await collectSegments(store, meta, before);
  await collectLog(store, meta, before);
  await store.step('compact:cleared');
}

async function collectSegments(store: Store, meta: Meta, before: number): Promise<void> {
  const expired = meta.retired.filter(({ at }) => at < before).map(({ key }) => key);
  const known = new Set([...meta.segments, ...meta.retired].map(({ key }) => key));
  const listed = await store.segments.list(meta.setId);
  const orphans = listed.filter(({ key, at }) => !known.has(key) && at < before).map(({ key }) => key);
  const fenced = orphans.length > 0 ? await fence(store, meta) : meta;
  // Where others switch meanwhile, the next compaction does it.
  if (fenced === undefined) return;
  await store.segments.remove([...expired, ...orphans]);
  if (expired.length === 0) return;
  const gone = new Set(expired);
  const retired = meta.retired.filter(({ key }) => !gone.has(key));
  await switchSegments(store.database, fenced, { ...meta, retired });
}

/**
 * Raises the version of the set's list of segments, so that no compaction that began before can switch it: one that was
 * frozen, or whose clock goes wrong, would bring in a segment that is being removed.
 */
async function fence(store: Store, meta: Meta): Promise<Meta | undefined> {
  const raised = await switchSegments(store.database, meta, meta);
  return raised ? { ...meta, segmentsVersion: meta.segmentsVersion + 1 } : undefined;
}

async function collectLog(store: Store, meta: Meta, before: number): Promise<void> {
  const logs = await readChanges(store.database, meta.setId, 1, meta.logCleared);
  const old = logs.filter(({ at }) => at < before);
  for (const log of old) {
    await store.database.removeMany(await tombstoneKeys(store, meta.setId, log));
    await store.database.removeMany([changeKey(meta.setId, log.rev)]);
  }
}

async function tombstoneKeys(store: Store, setId: string, log: ChangeLog) {
  if (log.kind !== 'delete') return [];
  const numbers = log.faces.map((face) => face.number);
  const faces = await readFaces(store.database, setId, numbers, {});
  return [...faces.values()].filter(isDead).map((face) => faceKey(setId, face.number));
}
