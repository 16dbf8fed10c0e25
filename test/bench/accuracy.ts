import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@openfrs/core';
import { embeddingsOf } from '@openfrs/vision';
import {
  isHeldOut,
  measureIdentities,
  measureOperation,
  openVectorCache,
  readFlatPairs,
  readGroups,
  readPairs,
  readPeople,
} from '@openfrs/vision/evaluation';
import { createFacePipeline } from '@openfrs/vision/pipeline';
import { sharedData } from '../support/shared-data.ts';
import { measureAttributes } from './accuracy/attributes.ts';
import { measureConditions } from './accuracy/conditions.ts';
import { countNoFace, measureDetection } from './accuracy/detection.ts';
import { genderByName } from './accuracy/first-names.ts';
import { type AccuracyReport, toHtml, toMarkdown, toSvg } from './accuracy/report.ts';
import {
  assertFilesThere,
  assertFolderThere,
  assertReportWritable,
  BenchInputError,
} from './inputs/inputs.ts';

/**
 * npm run bench accuracy -- --json FILE: recognition and detection on ../shared/data, as JSON, and beside it as
 * Markdown and HTML, and the ROC curves as SVG. With --identities DIR (a folder a person) and --pairs FILE (LFW's format) on anyone's photos,
 * --held-out: only the half of the people that nothing was fitted on; --only PART (operation, wider, noface, conditions, attributes, a set's name); --groups FILE with columns person, sex, group (default: the shared data's). Vectors are kept in --cache DIR.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      identities: { type: 'string' },
      pairs: { type: 'string' },
      groups: { type: 'string' },
      'held-out': { type: 'boolean', default: false },
      cache: { type: 'string', default: join(tmpdir(), 'openfrs-accuracy') },
      only: { type: 'string', multiple: true },
    },
  });
  assertReportWritable(values.json);
  if (values.groups !== undefined) assertFilesThere([values.groups]);
  const own = await ownPhotos(values.identities, values.pairs);
  const data = own === undefined ? dataFolder() : sharedData('');
  const pipeline = await createFacePipeline({ modelsDir: readConfig().modelsDir });
  const cache = await openVectorCache(values.cache, pipeline);
  const report: AccuracyReport = {
    ...{ model: pipeline.embedder.id, sets: [], detection: [] },
    ...{ identification: [], groups: [], degraded: [], discard: [] },
  };
  const labels = values.groups ?? (data && `${data}identities/lfw_dev_groups.csv`);
  const operate = async (people: Awaited<ReturnType<typeof readPeople>>) =>
    Object.assign(
      report,
      await measureOperation(pipeline, people, {
        cache,
        ...(labels && { groupsOf: readGroups(await readFile(labels, 'utf8')) }),
      }),
    );
  const vary = async (people: Awaited<ReturnType<typeof readPeople>>) => {
    const [{ cosine }] = embeddingsOf(pipeline.embedder);
    report.conditions = await measureConditions(pipeline, people, cosine(0.93));
  };
  const heldOut = <P extends { readonly person: string }>(people: readonly P[]) =>
    people.filter(({ person }) => !values['held-out'] || isHeldOut(person));
  const chosen = async (folder: string) => heldOut(await readPeople(folder));
  const wanted = (name: string) => values.only === undefined || values.only.includes(name);
  try {
    if (own !== undefined) {
      const people = heldOut(own.people);
      report.sets.push(...(await measureIdentities(pipeline, own.name, people, own.pairs, { cache })));
      if (wanted('operation')) await operate(people);
      if (values.only?.includes('conditions')) await vary(people);
    } else {
      if (wanted('wider')) {
        const { sizes, curve } = await measureDetection(
          pipeline,
          `${data}groups/wider`,
          `${data}groups/wider_gt.json`,
        );
        report.detection.push(...sizes);
        report.precision_recall = curve;
      }
      if (wanted('noface')) report.noface = await countNoFace(pipeline, `${data}noface`);
      if (wanted('conditions')) await vary(await chosen(`${data}identities/lfw_dev`));
      if (wanted('attributes')) {
        report.attributes = await measureAttributes(pipeline, `${data}identities/lfw_dev`);
      }
      for (const name of ['celeb5', 'bbt', 'azure_family', 'face_recognition', 'orl', 'lfw_dev']) {
        if (!wanted(name) && !(name === 'lfw_dev' && wanted('operation'))) continue;
        const folder = `${data}identities/${name}`;
        const pairs = name === 'lfw_dev' ? await readPairs(`${folder}_pairs.txt`, folder) : undefined;
        const people = await chosen(folder);
        const options = { cache, ...(name === 'lfw_dev' && { groupOf: genderByName }) };
        report.sets.push(...(await measureIdentities(pipeline, name, people, pairs, options)));
        if (name === 'lfw_dev' && wanted('operation')) await operate(people);
      }
      if (wanted('deepface')) {
        const folder = `${data}identities/deepface`;
        const pairs = await readFlatPairs(`${folder}/master.csv`, folder);
        report.sets.push(...(await measureIdentities(pipeline, 'deepface', undefined, pairs, { cache })));
      }
    }
  } finally {
    await pipeline.close();
  }
  console.log(toMarkdown(report));
  if (values.json !== undefined) {
    const base = values.json.replace(/\.json$/, '');
    await writeFile(values.json, `${JSON.stringify(withoutCurves(report), null, 2)}\n`);
    await writeFile(`${base}.md`, toMarkdown(report));
    await writeFile(`${base}.html`, toHtml(report));
    await writeFile(`${base}.svg`, toSvg(report));
  }
}

/** Anyone's photos and pairs, all of them there; undefined where the shared ones are to be measured. */
async function ownPhotos(folder: string | undefined, list: string | undefined) {
  if (folder === undefined) {
    if (list !== undefined)
      throw new BenchInputError('--pairs FILE takes --identities DIR, a folder a person.');
    return undefined;
  }
  assertFolderThere(folder);
  if (list !== undefined) assertFilesThere([list]);
  const refuse = (error: Error) => {
    throw new BenchInputError(error.message, { cause: error });
  };
  const people = await readPeople(folder).catch(refuse);
  const pairs = list === undefined ? undefined : await readPairs(list, folder).catch(refuse);
  return { name: basename(resolve(folder)), people, pairs };
}

function dataFolder(): string {
  const data = sharedData('');
  if (data !== undefined) return data;
  throw new BenchInputError('../shared/data is not here: give --identities DIR, a folder a person.');
}

function withoutCurves(report: AccuracyReport) {
  return { ...report, sets: report.sets.map(({ curve: _, ...set }) => set) };
}
