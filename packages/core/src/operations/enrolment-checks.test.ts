import { describe, expect, it } from 'vitest';
import { modelOfSet, rejectLowQuality } from './enrolment-checks.ts';

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

describe('faces of a photo', () => {
  const face = (total: number, recognisability: number) => ({
    box: { topLeftX: 0, topLeftY: 0, width: 50, height: 50 },
    vector: new Float32Array(64),
    quality: { total, blur: 1 - total, pose: 0, occlusion: 0, illumination: 0.1 },
    recognisability,
  });
  const open = { qualityGate: 0 };

  it('all pass where nothing is asked of them', () => {
    expect(rejectLowQuality([face(0, 0.1)], open)).toHaveLength(1);
    expect(rejectLowQuality([], open, 0.6)).toEqual([]);
  });

  it('are left out where they hold too little of a person, as long as one holds enough', () => {
    const [poor, good] = [face(0.9, 0.4), face(0.9, 0.8)];
    expect(rejectLowQuality([poor, good], open, 0.6)).toEqual([good]);
    expect(rejectLowQuality([poor, good], open, 0.4)).toEqual([poor, good]);
  });

  it('are refused with the figure that was too low and with what may be the reason', () => {
    const refusal = (reason: RegExp) =>
      expect.objectContaining({ code: 'FRS.0708', message: expect.stringMatching(reason) });
    expect(() => rejectLowQuality([face(0.3, 0.4)], open, 0.6)).toThrow(
      refusal(/Recognizability 0\.40 is below 0\.6 .*blur 0\.70.*illumination 0\.10/),
    );
    expect(() => rejectLowQuality([face(0.3, 0.9)], { qualityGate: 0.5 }, 0.6)).toThrow(
      refusal(/Quality 0\.30 is below 0\.5/),
    );
  });
});
