import { decodePicture } from '@openfrs/vision/image';
import type { FacePipeline } from '@openfrs/vision/pipeline';
import { median } from '../statistics/quantile.ts';

/** What one model takes of a stage. */
interface ModelTimes {
  readonly id: string;
  readonly runs: number;
  /** Pictures in all runs together: levels and strips of the pyramid, crops of faces. */
  readonly pictures: number;
  readonly ms: number;
}

export interface StageBreakdown {
  readonly stage: 'decode' | 'detect' | 'mesh' | 'embed';
  readonly ms: number;
  readonly models: readonly ModelTimes[];
  /** What no model takes: decoding, shrinking that the detector waits for, crops, boxes. */
  readonly rest: number;
}

/** Where a picture's time goes from its file to vectors: milliseconds, medians over `rounds` after two that don't count. */
export async function breakDown(
  pipeline: FacePipeline,
  file: Uint8Array,
  rounds: number,
): Promise<StageBreakdown[]> {
  const { sessions } = pipeline;
  const { run } = sessions;
  let current = new Map<string, { runs: number; pictures: number; ms: number }>();
  sessions.run = async (id, pixels) => {
    const start = performance.now();
    const outputs = await run(id, pixels);
    const known = current.get(id) ?? { runs: 0, pictures: 0, ms: 0 };
    const ms = known.ms + performance.now() - start;
    current.set(id, { runs: known.runs + 1, pictures: known.pictures + pixels.count, ms });
    return outputs;
  };
  const taken = new Map<StageBreakdown['stage'], { ms: number; models: typeof current }[]>();
  const stage = async <T>(name: StageBreakdown['stage'], job: () => Promise<T>): Promise<T> => {
    current = new Map();
    const start = performance.now();
    const result = await job();
    const times = taken.get(name) ?? [];
    taken.set(name, [...times, { ms: performance.now() - start, models: current }]);
    return result;
  };
  try {
    for (let round = -2; round < rounds; round += 1) {
      if (round === 0) taken.clear();
      const frame = await stage('decode', () => decodePicture(file));
      const boxes = await stage('detect', () => pipeline.detectFaces(frame));
      const meshes = await stage('mesh', () => pipeline.faceMeshes(frame, boxes));
      await stage('embed', () => pipeline.embed(frame, meshes, true));
    }
  } finally {
    sessions.run = run;
  }
  return [...taken].map(([name, times]) => {
    const models = [...(times[0]?.models ?? [])].map(([id, { runs, pictures }]) => ({
      ...{ id, runs, pictures },
      ms: median(times.map((each) => each.models.get(id)?.ms ?? 0)),
    }));
    const sum = (models: ReadonlyMap<string, { readonly ms: number }>) =>
      [...models.values()].reduce((total, { ms }) => total + ms, 0);
    return {
      stage: name,
      ms: median(times.map(({ ms }) => ms)),
      models,
      rest: median(times.map(({ ms, models }) => ms - sum(models))),
    };
  });
}
