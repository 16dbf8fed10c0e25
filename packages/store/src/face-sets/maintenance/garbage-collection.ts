import type { StoreContext } from '../context.ts';
import { type ChangeRecord, readChanges } from '../records/change-log.ts';
import { isTombstone, readFaces } from '../records/faces.ts';
import { changeKey, faceKey } from '../records/keys.ts';
import { isDeleted, readManifest, type SetManifest, switchSegments } from '../records/manifest.ts';

/**
 * Removes what nobody needs any more once the grace time for slow readers and writers is over: replaced segments, orphans of a
 * compaction that died, records of changes that are in the segments, and their tombstones.
 */
export async function collectGarbage(store: StoreContext, setId: string): Promise<void> {
  const manifest = await readManifest(store.table, setId);
  if (isDeleted(manifest)) return;
  const before = store.now() - store.limits.graceMs;
  await collectSegments(store, manifest, before);
  await truncateLog(store, manifest, before);
  await store.failpoint('compact:cleared');
}

async function collectSegments(store: StoreContext, manifest: SetManifest, before: number): Promise<void> {
  const expired = manifest.retired.filter(({ at }) => at < before).map(({ key }) => key);
  const known = new Set([...manifest.segments, ...manifest.retired].map(({ key }) => key));
  const listed = await store.segments.list(manifest.setId);
  const orphans = listed.filter(({ key, at }) => !known.has(key) && at < before).map(({ key }) => key);
  const fenced = orphans.length > 0 ? await fence(store, manifest) : manifest;
  // Where others switch meanwhile, the next compaction does it.
  if (fenced === undefined) return;
  await store.segments.remove([...expired, ...orphans]);
  if (expired.length === 0) return;
  const gone = new Set(expired);
  const retired = manifest.retired.filter(({ key }) => !gone.has(key));
  await switchSegments(store.table, fenced, { ...manifest, retired });
}

/**
 * Raises the version of the set's list of segments, so that no compaction that began before can switch it: one that was frozen, or
 * whose clock goes wrong, would list a segment that is being removed.
 */
async function fence(store: StoreContext, manifest: SetManifest): Promise<SetManifest | undefined> {
  const raised = await switchSegments(store.table, manifest, manifest);
  return raised ? { ...manifest, segmentsVersion: manifest.segmentsVersion + 1 } : undefined;
}

async function truncateLog(store: StoreContext, manifest: SetManifest, before: number): Promise<void> {
  const changes = await readChanges(store.table, manifest.setId, 1, manifest.truncatedTo);
  const old = changes.filter(({ at }) => at < before);
  for (const change of old) {
    await store.table.removeMany(await tombstoneKeys(store, manifest.setId, change));
    await store.table.removeMany([changeKey(manifest.setId, change.revision)]);
  }
}

async function tombstoneKeys(store: StoreContext, setId: string, change: ChangeRecord) {
  if (change.kind !== 'delete') return [];
  const numbers = change.faces.map((face) => face.number);
  const faces = await readFaces(store.table, setId, numbers, {});
  return [...faces.values()].filter(isTombstone).map((face) => faceKey(setId, face.number));
}
