import type { FieldValues } from '@openfrs/contract';
import type { FaceSet } from '@openfrs/core';
import type { RecordContext } from '../context.ts';
import { type ChangeKind, type ChangeRecord, putChange, readChange } from '../records/change-log.ts';
import { type FaceVersion, reviseFace } from '../records/faces.ts';
import { beginChange, endOperation, isDeleted, readManifest, type SetManifest } from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';
import { recover, tombstoneFaces } from './recovery.ts';
import { requestCompaction } from './request-maintenance.ts';
import { assertWritable, goneError, readFace, requireFace } from './visibility.ts';

/** An update begins anew so often when others change the same face meanwhile. */
const maxAttempts = 20;

/**
 * Runs one change: raises the set's revision, writes the change record, applies it, ends it.
 * @param apply answers the places that it freed and its result
 * @returns `undefined` where others aborted the change before its record was written
 */
async function runChange<R>(
  store: RecordContext,
  set: FaceSet,
  change: { readonly kind: ChangeKind } & Pick<ChangeRecord, 'faces'>,
  apply: (op: string) => Promise<{ readonly freed: number; readonly result: R }>,
): Promise<R | undefined> {
  const { table } = store;
  const { id: setId } = set;
  const op = newOperationId();
  const manifest = await beginChange(table, setId, op, change.kind, store.now()).then(
    (begun) => begun ?? readManifest(table, setId),
  );
  if (isDeleted(manifest) || !manifest.inFlight.has(op)) assertWritable(store, manifest);
  const entry = manifest.inFlight.get(op);
  // Begun by a write that the SDK repeated, and recovered by others since.
  if (entry?.kind !== 'change') return undefined;
  try {
    await store.failpoint('change:begun');
    const logged = await putChange(table, setId, { ...change, revision: entry.revision, at: store.now() });
    if (!logged && !(await isLogged(store, setId, entry.revision, change.kind))) return undefined;
    await store.failpoint('change:logged');
    const { freed, result } = await apply(op);
    await store.failpoint('change:applied');
    const ended = await endOperation(table, setId, op, freed);
    await store.failpoint('change:ended');
    // Others may have ended it in its name, which is as good; but a deleted set has no change.
    const now = ended ? undefined : await readManifest(table, setId);
    if (!ended && isDeleted(now)) throw goneError(now);
    await requestCompaction(store, set, manifest, 0);
    return result;
  } catch (error) {
    await recover(store, setId, op, entry).catch(() => undefined);
    throw error;
  }
}

/** Did the record come from the change itself (a write that the SDK repeated)? */
async function isLogged(
  store: RecordContext,
  setId: string,
  revision: number,
  kind: ChangeRecord['kind'],
): Promise<boolean> {
  return (await readChange(store.table, setId, revision))?.kind === kind;
}

/**
 * Deletes faces that still have the expected version.
 * @returns the numbers deleted; the others have changed meanwhile or are deleted
 */
export async function deleteFaces(
  store: RecordContext,
  set: FaceSet,
  faces: readonly FaceVersion[],
): Promise<Set<number>> {
  const deleted = await runChange(
    store,
    set,
    { kind: 'delete', faces: faces.map(({ number, version }) => ({ number, version })) },
    async (op) => {
      const tombstoned = await tombstoneFaces(store, set.id, op, faces);
      return { freed: tombstoned.size, result: tombstoned };
    },
  );
  return deleted ?? new Set();
}

/** @throws FrsError FRS.0403 no such face, FRS.0302 no such set */
export async function updateFace(
  store: RecordContext,
  set: FaceSet,
  faceId: string,
  change: { readonly externalImageId?: string; readonly fields?: FieldValues },
): Promise<SetManifest> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { manifest, face } = await requireFace(store, set, faceId);
    const next = {
      externalImageId: change.externalImageId ?? face.externalImageId,
      fields: { ...face.fields, ...change.fields },
    };
    const done = await runChange(store, set, { kind: 'update', faces: [face] }, async (op) => {
      const revised =
        (await reviseFace(store.table, set.id, face, op, next)) ||
        (await readFace(store, set.id, face.number, set.fields))?.updatedBy === op;
      await store.failpoint('change:face');
      return { freed: 0, result: revised };
    });
    if (done === true) return manifest;
  }
  throw new Error(`Face ${faceId} changes too fast to be updated.`);
}
