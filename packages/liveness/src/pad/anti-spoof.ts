import { timed } from '@openfrs/core/observation';
import {
  cropFaces,
  cropSpecOf,
  type FacePipeline,
  type Frame,
  type Rect,
  runModel,
  squareAround,
} from '@openfrs/vision/pipeline';
import { confidenceOf, fusedScore, liveLogit } from './fusion.ts';

/** What is judged: their thresholds differ, as a video's score is a mean over frames. */
export type Presentation = 'photo' | 'video';

/** How sure the anti-spoof models are of a living face in front of the camera: in [0, 1], .5 at the threshold. */
export interface AntiSpoof {
  live(frame: Frame, box: Rect): Promise<number>;
}

/** The models in use, their logits fused and calibrated by the manifest. */
export function createAntiSpoof({ registry, sessions }: FacePipeline, presentation: Presentation): AntiSpoof {
  const models = modelsOf(registry);
  const { fusion } = registry;
  const threshold = thresholdOf(fusion, presentation);
  return {
    live: (frame, box) =>
      timed('anti-spoof', async () => {
        const logits: number[] = [];
        for (const model of models) logits.push(await logitOf(sessions, model, frame, box));
        // A combination that nobody calibrated is judged by its logits as they are.
        const scales = fusion === undefined ? [] : models.map(({ standardisation }) => standardisation);
        return confidenceOf(fusedScore(logits, scales) - threshold);
      }),
  };
}

type Registry = FacePipeline['registry'];
type Model = ReturnType<typeof modelsOf>[number];
const modelsOf = (registry: Registry) => registry.all('anti-spoof');

function thresholdOf(fusion: Registry['fusion'], presentation: Presentation): number {
  if (fusion === undefined) return 0;
  const bpcer = fusion.decision[presentation];
  return fusion.points.find((point) => point.bpcer === bpcer)?.score ?? 0;
}

/**
 * What one anti-spoof model says of a face: the logit of its crop, or of a wider one where the manifest names it and that is
 * lower than people's are there. The edge of a screen or a print that is held near the camera lies outside the first crop.
 */
export async function logitOf(
  sessions: FacePipeline['sessions'],
  model: Model,
  frame: Frame,
  box: Rect,
): Promise<number> {
  const { crop } = model;
  const logit = await logitOfCrop(sessions, model, crop, frame, box);
  if (crop.kind !== 'rect' || crop.wider === undefined) return logit;
  const { scale, lower } = crop.wider;
  const room = Math.min(frame.width / box.width, frame.height / box.height);
  if (room <= crop.scale) return logit;
  return Math.min(logit, lower + (await logitOfCrop(sessions, model, { ...crop, scale }, frame, box)));
}

async function logitOfCrop(
  sessions: FacePipeline['sessions'],
  model: Model,
  crop: Model['crop'],
  frame: Frame,
  box: Rect,
): Promise<number> {
  const { input } = model;
  const { crops } =
    crop.kind === 'rect'
      ? await cropFaces(frame, [box], cropSpecOf({ crop, input }))
      : await cropFaces(frame, [squareAround(box)], cropSpecOf({ crop, input }));
  const [probabilities = []] = await runModel(sessions, model, crops);
  return liveLogit(probabilities, model.labels?.indexOf('live') ?? -1);
}
