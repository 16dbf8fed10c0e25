import { type FieldValues, FrsError } from '@openfrs/contract';
import type { FaceSet } from '@openfrs/core';
import { type ChangeLog, putChange, readChange } from '../records/change-log.ts';
import { type FaceRecord, reviseFace } from '../records/faces.ts';
import { beginChange, endOperation, isGone, type Meta, readMeta } from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';
import type { Store } from '../context.ts';
import { buryAll, settle } from './recovery.ts';
import { askForCompaction } from './request-maintenance.ts';
import { readFace, visibleFace } from './visibility.ts';

/** An update begins anew so often when others change the same face. */
const rounds = 20;

/**
 * Runs one change: raises the set's revision, writes what is to be done to the log, does it, ends it. A change that was
 * given up by others before its log was written answers `undefined`.
 * @param apply does it and answers the places that it freed and its result
 */
async function runChange<R>(
  store: Store,
  set: FaceSet,
  log: Pick<ChangeLog, 'kind' | 'faces'>,
  apply: (op: string) => Promise<{ readonly freed: number; readonly result: R }>,
): Promise<R | undefined> {
  const { database } = store;
  const { id: setId } = set;
  const op = newOperationId();
  const meta = await beginChange(database, setId, op, store.now()).then(
    (begun) => begun ?? readMeta(database, setId),
  );
  if (isGone(meta)) throw new FrsError('FRS.0302');
  const entry = meta.inflight.get(op);
  // Begun by a write that the SDK repeated, and settled by others since.
  if (entry?.kind !== 'change') return undefined;
  try {
    await store.step('change:begun');
    const logged = await putChange(database, setId, { ...log, rev: entry.rev, at: store.now() });
    if (!logged && !(await isLogged(store, setId, entry.rev, log.kind))) return undefined;
    await store.step('change:logged');
    const { freed, result } = await apply(op);
    await store.step('change:applied');
    const ended = await endOperation(database, setId, op, freed);
    await store.step('change:ended');
    // Others may have ended it in its name, which is as good; but a set that is gone has no change.
    if (!ended && isGone(await readMeta(database, setId))) throw new FrsError('FRS.0302');
    await askForCompaction(store, set, meta, 0);
    return result;
  } catch (error) {
    await settle(store, setId, op, entry).catch(() => undefined);
    throw error;
  }
}

/** Did the log's entry come from the change itself (a write that the SDK repeated)? */
async function isLogged(store: Store, setId: string, rev: number, kind: ChangeLog['kind']): Promise<boolean> {
  return (await readChange(store.database, setId, rev))?.kind === kind;
}

/**
 * Deletes faces that still have the expected version.
 * @returns the numbers deleted; the others have changed meanwhile or are gone
 */
export async function deleteFaces(
  store: Store,
  set: FaceSet,
  faces: readonly FaceRecord[],
): Promise<Set<number>> {
  const deleted = await runChange(
    store,
    set,
    { kind: 'delete', faces: faces.map(({ number, version }) => ({ number, version })) },
    async (op) => {
      const buried = await buryAll(store, set.id, op, faces);
      return { freed: buried.size, result: buried };
    },
  );
  return deleted ?? new Set();
}

/** @throws FrsError FRS.0403 no such face, FRS.0302 no such set */
export async function updateFace(
  store: Store,
  set: FaceSet,
  faceId: string,
  change: { readonly externalImageId?: string; readonly fields?: FieldValues },
): Promise<Meta> {
  for (let round = 0; round < rounds; round++) {
    const { meta, face } = await visibleFace(store, set, faceId);
    const next = {
      externalImageId: change.externalImageId ?? face.externalImageId,
      fields: { ...face.fields, ...change.fields },
    };
    const done = await runChange(store, set, { kind: 'update', faces: [face] }, async (op) => {
      const revised =
        (await reviseFace(store.database, set.id, face, op, next)) ||
        (await readFace(store, set.id, face.number, set.fields))?.updatedBy === op;
      await store.step('change:face');
      return { freed: 0, result: revised };
    });
    if (done === true) return meta;
  }
  throw new Error(`Face ${faceId} changes too fast to be updated.`);
}
