import { readConfig } from '@openfrs/core';
import { decodePicture, resized } from '@openfrs/vision/image';
import {
  createFacePipeline,
  type FacePipeline,
  type Frame,
  levelSizes,
  type Pixels,
  pyramidLevels,
} from '@openfrs/vision/pipeline';
import { breakDown, type StageBreakdown } from './breakdown.ts';
import { medianMs, type Times, timesSideBySide } from './timing.ts';

export interface StageTimes {
  readonly faces: number;
  readonly decode: number;
  readonly detect: number;
  /** The part of `detect` that is shrinking the picture to the pyramid's levels. */
  readonly resize: number;
  /** `detect` less `resize`, over onnxruntime alone on the same inputs; the least times of all rounds, taken side by side. */
  readonly detectOverBare: number;
  readonly mesh: number;
  readonly embed: number;
  readonly embedOverBare: number;
  /** File to faces and vectors. */
  readonly endToEnd: number;
  /** The others' jobs on the same file, in rounds side by side with `endToEnd`. */
  readonly beside: Readonly<Record<string, number>>;
  /** Where that time goes. */
  readonly breakdown: readonly StageBreakdown[];
  /** Shrinking to each level of the pyramid, from the one above. */
  readonly levels: readonly { readonly width: number; readonly height: number; readonly ms: number }[];
}

/** Smallest face in pixels, the service's own. */
const minFacePx = 40;

export async function measureOpenfrs(
  file: Uint8Array,
  threads: number,
  rounds: number,
  others: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<StageTimes> {
  const pipeline = await createFacePipeline({ modelsDir: readConfig().modelsDir, threads, minFacePx });
  try {
    const frame = await decodePicture(file);
    const boxes = await pipeline.detectFaces(frame);
    const meshes = await pipeline.faceMeshes(frame, boxes);
    const detectInputs = await inputsOf(pipeline, () => pipeline.detectFaces(frame));
    const embedInputs = await inputsOf(pipeline, () => pipeline.embed(frame, meshes, true));
    const replay = (inputs: readonly Input[]) => async () => {
      for (const { id, pixels } of inputs) await pipeline.sessions.run(id, pixels);
    };
    const levels = levelSizes(frame, pyramidLevels(Math.max(frame.width, frame.height), minFacePx), 1);
    const { detect, bareDetect, resize, embed, bareEmbed } = await timesSideBySide(rounds, {
      // A frame of its own each time: none finds the copies that the one before left.
      detect: () => pipeline.detectFaces({ ...frame }),
      bareDetect: replay(detectInputs),
      resize: async () => {
        let larger = frame;
        for (const { width, height } of levels) larger = await resized(larger, width, height);
      },
      embed: () => pipeline.embed(frame, meshes, true),
      bareEmbed: replay(embedInputs),
    });
    const { endToEnd, ...beside } = await timesSideBySide<string>(rounds, {
      ...others,
      endToEnd: async () => {
        const whole = await decodePicture(file);
        const found = await pipeline.faceMeshes(whole, await pipeline.detectFaces(whole));
        await pipeline.embed(whole, found, true);
      },
    });
    return {
      faces: boxes.length,
      decode: await medianMs(rounds, () => decodePicture(file)),
      detect: detect.median,
      resize: resize.median,
      detectOverBare: (detect.least - resize.least) / bareDetect.least,
      mesh: await medianMs(rounds, () => pipeline.faceMeshes(frame, boxes)),
      embed: embed.median,
      embedOverBare: embed.least / bareEmbed.least,
      endToEnd: (endToEnd as Times).median,
      beside: Object.fromEntries(Object.entries(beside).map(([name, times]) => [name, times.median])),
      breakdown: await breakDown(pipeline, file, rounds),
      levels: await levelTimes(frame, levels, rounds),
    };
  } finally {
    await pipeline.close();
  }
}

async function levelTimes(
  frame: Frame,
  levels: readonly { readonly width: number; readonly height: number }[],
  rounds: number,
): Promise<StageTimes['levels']> {
  const times: StageTimes['levels'][number][] = [];
  let larger = frame;
  for (const { width, height } of levels) {
    const from = larger;
    const ms = await medianMs(rounds, () => resized(from, width, height));
    times.push({ width, height, ms });
    larger = await resized(from, width, height);
  }
  return times;
}

interface Input {
  readonly id: string;
  readonly pixels: Pixels;
}

/** What a job gives to onnxruntime. */
async function inputsOf(pipeline: FacePipeline, job: () => Promise<unknown>): Promise<Input[]> {
  const { sessions } = pipeline;
  const { run } = sessions;
  const inputs: Input[] = [];
  sessions.run = (id, pixels) => {
    inputs.push({ id, pixels });
    return run(id, pixels);
  };
  try {
    await job();
  } finally {
    sessions.run = run;
  }
  return inputs;
}
