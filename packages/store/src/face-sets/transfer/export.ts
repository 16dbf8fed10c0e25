import type { FaceSet } from '@openfrs/core';
import { idsOf, isSettled, livingMeta } from '../protocol/visibility.ts';
import { checkedFaces, RecordDamaged } from '../records/damaged-record.ts';
import { isDead } from '../records/faces.ts';
import type { Store } from '../context.ts';
import { writeFace, writeHeader } from './format.ts';

/**
 * The lines of a set's export. Faces that are added after the call aren't in it; of those deleted or changed while it runs,
 * each is as it was when its turn came.
 * @param progress called with the number of faces written so far and the number expected
 * @throws FrsError FRS.0302
 * @throws Error a record is damaged: names the set and the face
 */
export async function* exportLines(
  store: Store,
  set: FaceSet,
  progress: (done: number, expected: number) => void = () => undefined,
): AsyncGenerator<string> {
  const meta = await livingMeta(store, set.id);
  const ids = idsOf(meta);
  const { name, capacity, fields, model, dimension } = set;
  yield writeHeader({ name, capacity, fields, model, dimension, idKey: meta.idKey });
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
  for await (const page of checkedFaces(store.database, shape, 0, meta.next, refuse)) {
    for (const face of page) {
      if (isDead(face) || !isSettled(meta, face.number)) continue;
      yield writeFace({ ...face, faceId: ids.idOf(face.number) });
      done += 1;
    }
    progress(done, meta.used);
  }
}
