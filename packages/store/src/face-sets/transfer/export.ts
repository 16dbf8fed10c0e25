import type { FaceSet } from '@openfrs/core';
import type { StoreContext } from '../context.ts';
import { faceIdsOf, isCommitted, requireManifest } from '../protocol/visibility.ts';
import { checkedFaces, RecordDamaged } from '../records/damaged-record.ts';
import { isTombstone } from '../records/faces.ts';
import type { SetManifest } from '../records/manifest.ts';
import { type ExportHeader, writeFace, writeHeader } from './format.ts';

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
  yield writeHeader(exportHeader(set, manifest));
  let done = 0;
  for await (const lines of exportFaces(store, set, manifest)) {
    yield* lines;
    done += lines.length;
    progress(done, manifest.used);
  }
}

/** What the first line of a set's export says. */
export function exportHeader(set: ExportedSet, { idKey }: SetManifest): ExportHeader {
  const { name, capacity, fields, model, dimension } = set;
  return { name, capacity, fields, model, dimension, idKey };
}

/** What of a set its export needs. */
export type ExportedSet = Pick<FaceSet, 'id' | 'name' | 'capacity' | 'fields' | 'model' | 'dimension'>;

/** A face whose record can't be read. */
export interface DamagedFace {
  readonly faceId: string;
  readonly why: string;
}

export interface ExportFacesOptions {
  /** Faces that are read at once; some 700 if absent. */
  readonly pageFaces?: number;
  /** Told of each face that can't be read, which is then left out; absent: the first ends it. */
  readonly leftOut?: (face: DamagedFace) => void;
}

/**
 * The lines of the faces that a manifest shows as committed, page by page.
 * @throws Error a record is damaged, where nobody is told of it: names the set and the face
 */
export async function* exportFaces(
  store: StoreContext,
  set: ExportedSet,
  manifest: SetManifest,
  { pageFaces, leftOut }: ExportFacesOptions = {},
): AsyncGenerator<string[]> {
  const ids = faceIdsOf(store, manifest);
  const damaged = (error: RecordDamaged) => {
    const faceId = ids.idOf(error.number);
    if (leftOut !== undefined) return leftOut({ faceId, why: error.why });
    const where = `(face ${faceId} of the face set ${set.name})`;
    throw new RecordDamaged(error.number, `${error.why} ${where}`, { cause: error });
  };
  const shape = { setId: set.id, dimension: set.dimension, fields: set.fields };
  for await (const page of checkedFaces(store.table, shape, 0, manifest.next, damaged, {
    limit: pageFaces,
  })) {
    const lines: string[] = [];
    for (const face of page) {
      if (isTombstone(face) || !isCommitted(manifest, face.number)) continue;
      lines.push(writeFace({ ...face, faceId: ids.idOf(face.number) }));
    }
    yield lines;
  }
}
