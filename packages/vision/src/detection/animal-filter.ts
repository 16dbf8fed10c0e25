import type { ModelEntry } from '@openfrs/models';
import { sampleInto } from '../crops/sample.ts';
import { newCrops } from '../crops/warp.ts';
import { squareMap } from '../geometry/affine.ts';
import type { FaceAngle, Frame, Rect } from '../geometry/frame.ts';
import { hasOutput } from '../runtime/model-registry.ts';
import type { FloatTensor, Sessions } from '../runtime/sessions.ts';

/** Says of each box whether an animal, and no person, is there. */
export type AnimalFilter = (
  frame: Frame,
  boxes: readonly (Rect & { readonly angle: FaceAngle })[],
) => Promise<boolean[]>;

/** Labels (COCO's) of what has a face much like ours; a teddy bear is what the model calls a dog seen closely. */
const animals = ['cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe', 'teddy bear'];
/** Crop in pixels, and its side over the box's longer one. */
const side = 192;
const zoom = 2;
/** Crops in one run: the session keeps as much memory as one run takes, and batches gain little here. */
const batch = 1;
/**
 * An animal's score from which it is one, and by how much it must exceed the person's. Chosen on 516 boxes around faces of WIDER
 * FACE and LFW, half of LFW's in black and white (the largest score above the person's: 0.21), and dogs' heads (0.34 and more).
 */
const leastScore = 0.25;
const overPerson = 1.25;

/** With a model that names everyday objects (output `classes`); undefined without one. */
export function createAnimalFilter(
  models: readonly ModelEntry[],
  sessions: Sessions,
): AnimalFilter | undefined {
  const model = models.find((entry) => hasOutput(entry, 'classes') && entry.labels?.includes('person'));
  const labels = model?.labels ?? [];
  if (model === undefined) return undefined;
  const person = labels.indexOf('person');
  const wanted = animals.map((name) => labels.indexOf(name)).filter((index) => index >= 0);
  return async (frame, boxes) => {
    const told: boolean[] = [];
    for (let start = 0; start < boxes.length; start += batch) {
      const some = boxes.slice(start, start + batch);
      const crops = newCrops(some.length, side, side);
      await Promise.all(
        some.map(({ x, y, width, height, angle }, index) => {
          const span = Math.max(width, height) * zoom;
          return sampleInto(frame, squareMap(x + width / 2, y + height / 2, span, angle, side), crops, index);
        }),
      );
      const { data } = (await sessions.run(model.id, crops)).classes as FloatTensor;
      for (const index of some.keys()) {
        const scores = data.subarray(index * labels.length, (index + 1) * labels.length);
        const animal = Math.max(...wanted.map((label) => scores[label] as number));
        told.push(animal >= leastScore && animal > overPerson * (scores[person] as number));
      }
    }
    return told;
  };
}
