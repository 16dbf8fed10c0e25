import { expect, it } from 'vitest';
import { modelOfSet } from './enrolment-checks.ts';

type SetAndVision = Parameters<typeof modelOfSet>;

/** Makes vectors of these embeddings, the first of them for new sets. */
function visionOf(...ids: [string, ...string[]]): SetAndVision[1] {
  const models = ids.map((id) => ({ id }));
  return {
    model: models[0],
    modelOf: (id: string) => models.find((model) => model.id === id),
  } as SetAndVision[1];
}
const set = { name: 'people', model: 'fr-feature-192' } as SetAndVision[0];

it('a set keeps the embedding that it was built with, also where new sets have another', () => {
  expect(modelOfSet(set, visionOf('fr-feature-192')).id).toBe('fr-feature-192');
  expect(modelOfSet(set, visionOf('fr-feature-192.2', 'fr-feature-192')).id).toBe('fr-feature-192');
});

it('names the remedy where no vectors of its embedding can be made', () => {
  expect(() => modelOfSet(set, visionOf('dlib-resnet'))).toThrow(
    expect.objectContaining({
      code: 'FRS.0018',
      message: expect.stringMatching(
        /people.*fr-feature-192.*dlib-resnet.*enrol the photos again.*models use/s,
      ),
    }),
  );
});
