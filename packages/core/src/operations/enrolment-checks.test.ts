import { expect, it } from 'vitest';
import { assertSameModel } from './enrolment-checks.ts';

type SetAndModel = Parameters<typeof assertSameModel>;

it('a set answers to the model it was built with, and names the remedy to any other', () => {
  const set = { name: 'people', model: 'fr-feature-192' } as SetAndModel[0];
  const model = (id: string) => ({ id }) as SetAndModel[1];
  expect(() => assertSameModel(set, model('fr-feature-192'))).not.toThrow();
  expect(() => assertSameModel(set, model('dlib-resnet'))).toThrow(
    expect.objectContaining({
      code: 'FRS.0018',
      message: expect.stringMatching(
        /people.*fr-feature-192.*dlib-resnet.*enrol the photos again.*models use/s,
      ),
    }),
  );
});
