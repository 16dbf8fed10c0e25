import type { ModelEntry } from '@openfrs/models';
import {
  type Affine,
  type FacePipeline,
  type FloatTensor,
  type Frame,
  newCrops,
  type Rect,
  sampleInto,
} from '@openfrs/vision/pipeline';

/** How an anti-spoof model wants to see a face, and which of its outputs says "live". */
interface Look {
  readonly id: string;
  /** Side of the input. */
  readonly side: number;
  /** The face's box grown by this is what it sees. */
  readonly scale: number;
  /** Name of the output: logits or probabilities. */
  readonly output: string;
  readonly liveIndex: number;
}

/** The manifest's `crop` says "box x 2.7". */
function lookOf(model: ModelEntry): Look {
  const scale = Number(/box x (\d+(?:\.\d+)?)/.exec(model.crop)?.[1]);
  const liveIndex = model.labels?.indexOf('live') ?? -1;
  const output = model.outputs[0]?.name;
  if (!(scale > 0) || liveIndex < 0 || output === undefined) {
    throw new Error(`The manifest's entry of ${model.id} lacks its crop, its outputs or the label "live".`);
  }
  return { id: model.id, side: Number(model.input.shape[1]), scale, output, liveIndex };
}

/** Probability in [0, 1] that a face is a living one in front of the camera, by the mean of the models in use. */
export interface AntiSpoof {
  readonly models: readonly string[];
  live(frame: Frame, box: Rect): Promise<number>;
}

export function createAntiSpoof(pipeline: FacePipeline): AntiSpoof {
  const looks = pipeline.models('anti-spoof').map(lookOf);
  return {
    models: looks.map(({ id }) => id),
    async live(frame, box) {
      let sum = 0;
      for (const look of looks) {
        const crops = newCrops(1, look.side, look.side);
        await sampleInto(frame, cropMap(frame, box, look), crops, 0);
        const outputs = await pipeline.sessions.run(look.id, crops);
        const { data } = outputs[look.output] as FloatTensor;
        sum += (look.output === 'logits' ? softmax(data) : [...data])[look.liveIndex] ?? 0;
      }
      return sum / looks.length;
    },
  };
}

/**
 * The box grown about its middle, by less where the frame is too small, shifted inside, each side resized on its
 * own: as Silent-Face-Anti-Spoofing crops (src/generate_patches.py), whose way both model families follow.
 */
function cropMap(frame: Frame, box: Rect, look: Look): Affine {
  const scale = Math.min((frame.width - 1) / box.width, (frame.height - 1) / box.height, look.scale);
  const width = box.width * scale;
  const height = box.height * scale;
  const left = Math.min(Math.max(0, box.x + (box.width - width) / 2), frame.width - width);
  const top = Math.min(Math.max(0, box.y + (box.height - height) / 2), frame.height - height);
  const a = width / look.side;
  const d = height / look.side;
  // Pixel centres lie at halves in both.
  return { a, b: 0, tx: left + a / 2 - 0.5, c: 0, d, ty: top + d / 2 - 0.5 };
}

function softmax(logits: Float32Array): number[] {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
