import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@openfrs/core';
import { createVideoDecoder } from '@openfrs/video';
import { isHeldOut, readGroups, readPeople } from '@openfrs/vision/evaluation';
import { createFacePipeline } from '@openfrs/vision/pipeline';
import { sharedData } from '../support/shared-data.ts';
import { detPlot } from './anti-spoof/det-plot.ts';
import { measureFusion, type PersonSample } from './anti-spoof/fit.ts';
import { type Sample, samplesOf } from './anti-spoof/samples.ts';
import { assertReportWritable, BenchInputError } from './inputs/inputs.ts';

const totalMs = 600_000;

/**
 * npm run bench anti-spoof [-- --people FOLDER] [--groups FILE] [--bona-fide FOLDER] [--attacks FOLDER …] [--models a,b,c …]
 * [--cache FILE] [--photos N] [--json FILE] [--svg FILE]: fits combinations of the anti-spoof models in use (each alone and all together, or
 * those named) on half of the people, and reports BPCER by group on the others, of bona fide videos, and APCER by folder of
 * attacks, at several thresholds. What it prints as `standardisation` and `points` is what models/manifest.json holds.
 * Defaults: the shared data. --svg draws DET curves, of the first folder of attacks.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      people: { type: 'string' },
      groups: { type: 'string' },
      'bona-fide': { type: 'string' },
      attacks: { type: 'string', multiple: true },
      models: { type: 'string', multiple: true },
      cache: { type: 'string' },
      photos: { type: 'string', default: '100000' },
      json: { type: 'string' },
      svg: { type: 'string' },
    },
  });
  assertReportWritable(values.json);
  const needed = (given: string | undefined, shared: string): string => {
    const path = given ?? sharedData(shared);
    if (path === undefined)
      throw new BenchInputError('../shared/data is not here: give --people, --groups …');
    return path;
  };
  const groupsOf = readGroups(readFileSync(needed(values.groups, 'identities/lfw_dev_groups.csv'), 'utf8'));
  const people = await readPeople(needed(values.people, 'identities/lfw_dev'));
  const { modelsDir, video } = readConfig();
  const pipeline = await createFacePipeline({ modelsDir, threads: 1 });
  const decoder = createVideoDecoder({ ...video, totalMs });
  const judge = (files: readonly string[]) => samplesOf(files, pipeline, decoder, values.cache);
  try {
    // People whose group is known first: groups are what the others are compared with.
    const photos = people
      .sort((a, b) => Number(groupsOf.has(b.person)) - Number(groupsOf.has(a.person)))
      .slice(0, Number(values.photos));
    const personOf = new Map(photos.map(({ person, file }) => [file, person]));
    const samples = (await judge(photos.map(({ file }) => file))).map(
      (sample): PersonSample => ({ ...sample, groups: groupsOf.get(personOf.get(sample.file) ?? '') ?? [] }),
    );
    const isOther = ({ file }: Sample) => isHeldOut(personOf.get(file) ?? '');
    const attacks = new Map<string, Sample[]>();
    for (const [species, files] of attackFiles(values.attacks)) attacks.set(species, await judge(files));
    const data = {
      fitted: samples.filter((sample) => !isOther(sample)),
      heldOut: samples.filter(isOther),
      bonaFide: await judge(filesIn(needed(values['bona-fide'], 'videos'))),
      attacks,
    };
    const inUse = pipeline.registry.all('anti-spoof').map(({ id }) => id);
    const combinations =
      values.models?.map((list) => list.split(',')) ??
      (inUse.length > 1 ? [...inUse.map((id) => [id]), inUse] : [inUse]);
    const report = combinations.map((models) => measureFusion(models, data));
    console.log(JSON.stringify(report, (key, value) => (key === 'curve' ? undefined : value), 2));
    if (values.svg !== undefined) {
      const named = report.map(({ models, curve }) => ({ name: models.join(' + '), points: curve }));
      await writeFile(values.svg, detPlot(named));
    }
    if (values.json !== undefined) await writeFile(values.json, JSON.stringify(report));
  } finally {
    await pipeline.close();
  }
}

/** By species: the folders given, or what the shared data has. */
function attackFiles(folders: readonly string[] | undefined): [species: string, files: readonly string[]][] {
  if (folders !== undefined) return folders.map((folder) => [folder, filesIn(folder)]);
  const recaptured = ['le_fake_phone.mp4', 'mk_fake_phone.mp4', 'minivision_F1.jpg'];
  return [
    ['screens and prints', recaptured.flatMap((name) => sharedData(`spoof/${name}`) ?? [])],
    ['animated by a model', filesIn(sharedData('spoof/ai') ?? '.')],
  ];
}

/** Photos and videos of a folder, not of those in it. */
const filesIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => /\.(jpe?g|png|bmp|mp4|webm|mov|avi|mkv)$/i.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
