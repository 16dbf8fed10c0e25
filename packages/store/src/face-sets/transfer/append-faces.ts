import type { FaceSet } from '@openfrs/core';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import { writeConcurrency } from '../protocol/recovery.ts';
import { requireManifest } from '../protocol/visibility.ts';
import { type FaceWithVector, isTombstone, putFace, readFaces } from '../records/faces.ts';
import { beginImport, endOperation } from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';

/**
 * Writes faces under the numbers that they have, to a set that gives none itself, and takes all numbers in [from, to) of it. The
 * set's capacity doesn't count: it is another's copy.
 * @throws Error the set has given another number than `from` next: faces never get others' numbers
 */
export async function appendFaces(
  store: StoreContext,
  set: FaceSet,
  faces: readonly FaceWithVector[],
  from: number,
  to: number,
): Promise<void> {
  const { table } = store;
  const op = newOperationId();
  const entry = { count: to - from, faces: faces.length, at: store.now() };
  const begun =
    (await beginImport(table, set.id, op, entry, Number.MAX_SAFE_INTEGER)) ??
    (await requireManifest(store, set.id));
  const own = begun.inFlight.get(op);
  if (own?.kind !== 'import' || own.from !== from) {
    throw new Error('Another process writes to the copy of the face set.');
  }
  const refused: number[] = [];
  await mapConcurrent(faces, writeConcurrency, async (face) => {
    if (!(await putFace(table, set.id, face.number, op, face))) refused.push(face.number);
  });
  // Refused where the SDK repeated a write that had come through.
  const there = await readFaces(table, set.id, refused, {});
  for (const number of refused) {
    const face = there.get(number);
    if (face === undefined || isTombstone(face) || face.op !== op) {
      throw new Error(`The copy of the face set has another face of number ${number}.`);
    }
  }
  await store.failpoint('reindex:page');
  await endOperation(table, set.id, op, 0);
}
