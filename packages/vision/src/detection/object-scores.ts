import type { ModelOf } from '@openfrs/models';
import { runModel } from '../architectures/index.ts';
import { cropFaces, cropSpecOf, squareAround } from '../crops/crop-faces.ts';
import type { FaceAngle, Frame, Rect } from '../geometry/frame.ts';
import type { Sessions } from '../runtime/sessions.ts';

/** What an object detector sees in a box: its best scores, [0, 1]. */
interface ObjectScores {
  readonly person: number;
  readonly animal: number;
}

export type ObjectReader = (
  frame: Frame,
  boxes: readonly (Rect & { readonly angle: FaceAngle })[],
) => Promise<ObjectScores[]>;

/** Labels (COCO's) of what has a face much like ours; a teddy bear is what the model calls a dog seen closely. */
const animals = [
  ...['bird', 'cat', 'dog', 'horse', 'sheep', 'cow'],
  ...['elephant', 'bear', 'zebra', 'giraffe', 'teddy bear'],
];

/** With a model that names everyday objects; undefined without one that knows people. */
export function createObjectReader(
  model: ModelOf<'objects'> | undefined,
  sessions: Sessions,
): ObjectReader | undefined {
  const person = model?.labels?.indexOf('person') ?? -1;
  if (model === undefined || person < 0) return undefined;
  const known = animals.map((name) => model.labels?.indexOf(name) ?? -1).filter((index) => index >= 0);
  const spec = cropSpecOf(model);
  return async (frame, boxes) => {
    const read: ObjectScores[] = [];
    // One crop a run: the session keeps as much memory as one run takes, and batches gain little here.
    for (const box of boxes) {
      const { crops } = await cropFaces(frame, [squareAround(box)], spec);
      const [scores] = await runModel(sessions, model, crops);
      const score = (label: number) => scores?.[label] ?? 0;
      read.push({ person: score(person), animal: Math.max(...known.map(score)) });
    }
    return read;
  };
}
