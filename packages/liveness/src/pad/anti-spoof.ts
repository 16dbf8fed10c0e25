import {
  cropFaces,
  cropSpecOf,
  type FacePipeline,
  type Frame,
  type Rect,
  runModel,
} from '@openfrs/vision/pipeline';

/** Probability in [0, 1] that a face is a living one in front of the camera, by the mean of the models in use. */
export interface AntiSpoof {
  live(frame: Frame, box: Rect): Promise<number>;
}

export function createAntiSpoof({ registry, sessions }: FacePipeline): AntiSpoof {
  const models = registry.all('anti-spoof');
  return {
    async live(frame, box) {
      let sum = 0;
      for (const model of models) {
        const { crops } = await cropFaces(frame, [box], cropSpecOf(model));
        const [probabilities = []] = await runModel(sessions, model, crops);
        sum += probabilities[model.labels?.indexOf('live') ?? -1] ?? 0;
      }
      return sum / models.length;
    },
  };
}
