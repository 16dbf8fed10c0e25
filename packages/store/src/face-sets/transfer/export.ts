import type { FaceSet } from '@openfrs/core';
import type { StoreContext } from '../context.ts';
import { faceIdsOf, isCommitted, requireManifest } from '../protocol/visibility.ts';
import { checkedFaces, RecordDamaged } from '../records/damaged-record.ts';
import { isTombstone } from '../records/faces.ts';
import { writeFace, writeHeader } from './format.ts';

/**
 * The lines of a set's export. Faces that are added after the call aren't in it; of those deleted or changed while it runs,
 * each is as it was when its turn came.
 * @param progress called with the number of faces written so far and the number expected
 * @throws FrsError FRS.0302
 * @throws Error a record is damaged: names the set and the face
 */
export async function* exportLines(
  store: StoreContext,
  set: FaceSet,
  progress: (done: number, expected: number) => void = () => undefined,
): AsyncGenerator<string> {
  const manifest = await requireManifest(store, set.id);
  const ids = faceIdsOf(store, manifest);
  const { name, capacity, fields, model, dimension } = set;
  yield writeHeader({ name, capacity, fields, model, dimension, idKey: manifest.idKey });
  let done = 0;
  const refuse = (error: RecordDamaged) => {
    throw new RecordDamaged(
      error.number,
      `${error.why} (face ${ids.idOf(error.number)} of the face set ${name})`,
      {
        cause: error,
      },
    );
  };
  const shape = { setId: set.id, dimension, fields };
  for await (const page of checkedFaces(store.table, shape, 0, manifest.next, refuse)) {
    for (const face of page) {
      if (isTombstone(face) || !isCommitted(manifest, face.number)) continue;
      yield writeFace({ ...face, faceId: ids.idOf(face.number) });
      done += 1;
    }
    progress(done, manifest.used);
  }
}
