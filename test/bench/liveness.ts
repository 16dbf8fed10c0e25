import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '@openfrs/core';
import { createLiveness } from '@openfrs/liveness';
import { createVideoDecoder } from '@openfrs/video';
import { createFacePipeline } from '@openfrs/vision/pipeline';
import { sharedData } from '../support/shared-data.ts';
import { assertFilesThere, assertReportWritable, BenchInputError } from './inputs/inputs.ts';
import { measureAttacks } from './liveness/measure-attacks.ts';
import { measureConditions } from './liveness/measure-conditions.ts';
import { measureSpecies } from './liveness/measure-species.ts';
import { measureSpeed } from './liveness/measure-speed.ts';
import { measurePhotos, measureVideos } from './liveness/measure-videos.ts';
import { fitMotion } from './liveness/motion/fit-motion.ts';

/** No service's limit: a bench that runs for an hour beside other work would end at its one clip that waits for a minute. */
const totalMs = 600_000;

const options = {
  json: { type: 'string' },
  speed: { type: 'boolean', default: false },
  conditions: { type: 'boolean', default: false },
  attacks: { type: 'boolean', default: false },
  nth: { type: 'string', default: '4' },
  species: { type: 'boolean', default: false },
  fit: { type: 'boolean', default: false },
  cache: { type: 'string' },
  segments: { type: 'string' },
  only: { type: 'string' },
  kept: { type: 'boolean', default: false },
} as const;

type Arguments = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;

/**
 * npm run bench liveness [-- --json FILE] [--speed] [--conditions] [--attacks [--nth N] [photos …]]
 * [--species | --fit [--cache FOLDER] [--segments FILE] [--only GROUPS] [--kept]]: actions found,
 * missed and wrongly claimed, by kind of video; APCER (attacks taken for people) and BPCER (people refused) with
 * counts; or the time beside that of decoding alone; or the same clips recorded otherwise (mirrored, dark, small,
 * shaken …); or what photos pass for that are held, moved, tilted, bent, cut and cross-faded before a camera: each
 * photo in every nth way (4); or APCER by species of attack (photos warped by landmarks, two photos, masks, replays …)
 * and BPCER by condition, with intervals; or what the score of living motion is fitted to (motion-score.json).
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options,
  });
  assertReportWritable(values.json);
  assertFilesThere(positionals);
  if (!values.attacks && sharedData('') === undefined) {
    throw new BenchInputError(
      '../shared/data is not here: --attacks photo.jpg … needs only photos of your own.',
    );
  }
  const report = values.speed
    ? { speed: await measureSpeed(totalMs) }
    : await measureHere({ values, positionals });
  console.log(JSON.stringify(report, undefined, 2));
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(report));
}

async function measureHere({ values, positionals }: Pick<Arguments, 'values' | 'positionals'>) {
  const { modelsDir, video } = readConfig();
  const pipeline = await createFacePipeline({ modelsDir, threads: 1 });
  try {
    const liveness = await createLiveness({ pipeline, decoder: createVideoDecoder({ ...video, totalMs }) });
    await liveness.warm();
    if (values.fit) return { motion: await fitMotion(pipeline, createVideoDecoder({ totalMs }), values) };
    if (values.species)
      return { species: await measureSpecies(pipeline, createVideoDecoder({ totalMs }), values) };
    if (values.attacks)
      return { attacks: await measureAttacks(pipeline, liveness, positionals, Number(values.nth)) };
    if (values.conditions) return { conditions: await measureConditions(liveness) };
    return { videos: await measureVideos(liveness), photos: await measurePhotos(liveness) };
  } finally {
    await pipeline.close();
  }
}
