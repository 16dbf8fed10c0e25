import type { ModelOf } from '@openfrs/models';
import { runModel } from '../architectures/index.ts';
import { cropFaces, cropSpecOf, squareAround } from '../crops/crop-faces.ts';
import type { FaceAngle, Frame, Rect } from '../geometry/frame.ts';
import type { Sessions } from '../runtime/sessions.ts';

/** Says of each box whether an animal, and no person, is there. */
export type AnimalFilter = (
  frame: Frame,
  boxes: readonly (Rect & { readonly angle: FaceAngle })[],
) => Promise<boolean[]>;

/** Labels (COCO's) of what has a face much like ours; a teddy bear is what the model calls a dog seen closely. */
const animals = ['cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe', 'teddy bear'];
/** Crops in one run: the session keeps as much memory as one run takes, and batches gain little here. */
const batch = 1;
/**
 * An animal's score from which it is one, and by how much it must exceed the person's. Chosen on 516 boxes around faces of WIDER
 * FACE and LFW, half of LFW's in black and white (the largest score above the person's: 0.21), and dogs' heads (0.34 and more).
 */
const lowestScore = 0.25;
const overPerson = 1.25;

/** With a model that names everyday objects; undefined without one that knows people. */
export function createAnimalFilter(
  model: ModelOf<'objects'> | undefined,
  sessions: Sessions,
): AnimalFilter | undefined {
  const person = model?.labels?.indexOf('person') ?? -1;
  if (model === undefined || person < 0) return undefined;
  const known = animals.map((name) => model.labels?.indexOf(name) ?? -1).filter((index) => index >= 0);
  const spec = cropSpecOf(model);
  return async (frame, boxes) => {
    const isAnimal: boolean[] = [];
    for (let start = 0; start < boxes.length; start += batch) {
      const { crops } = await cropFaces(frame, boxes.slice(start, start + batch).map(squareAround), spec);
      for (const scores of await runModel(sessions, model, crops)) {
        const animal = Math.max(...known.map((label) => scores[label] as number));
        isAnimal.push(animal >= lowestScore && animal > overPerson * (scores[person] as number));
      }
    }
    return isAnimal;
  };
}
