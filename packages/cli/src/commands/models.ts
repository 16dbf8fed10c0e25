import { readFile } from 'node:fs/promises';
import { readConfig } from '@openfrs/core';
import { type ListedModel, listModels, loadManifest, useModels } from '@openfrs/models';
import type { Command } from 'commander';
import { CliError } from '../failure.ts';
import { type Arguments, group, type Session } from './command.ts';
import { modelCalibrate, modelEval } from './model-eval.ts';
import { modelFit } from './model-fit.ts';

const shown = ({ entry, state, active }: ListedModel) => ({
  id: entry.id,
  role: entry.role,
  'in use': active,
  state,
  licence: entry.licence.spdx,
  origin:
    entry.origin.from === 'npm' ? `${entry.origin.package}@${entry.origin.version}` : entry.origin.project,
});

/** The models' folder that the environment names. */
const folderOf = ({ terminal }: Session) => ({ dir: readConfig(terminal.environment).modelsDir });

/** Said where a choice changed: a service reads it when it starts. */
function tellOfRestart({ terminal }: Session): void {
  terminal.stderr.write('A service that runs takes this into use when it is started again.\n');
}

export function modelsCommands(program: Command, session: Session): void {
  group(program, session, 'models', 'Models: which are known, which are in use, bringing others', [
    {
      usage: 'list',
      summary: 'List the models, their licences and which are in use',
      runWithoutStores: async (_args, session) => ({
        rows: (await listModels(folderOf(session))).map(shown),
      }),
    },
    {
      usage: 'verify',
      summary: 'Check the files of the models in use against their hashes',
      async runWithoutStores(_args, session) {
        const active = (await listModels(folderOf(session))).filter((model) => model.active);
        return { rows: active.map(shown), failed: active.some(({ state }) => state !== 'ok') };
      },
    },
    {
      usage: 'build',
      summary: 'Fetch and convert the models in use that are missing or damaged',
      async runWithoutStores(_args, session) {
        const { ensureModels } = await import('@openfrs/models/ensure');
        const onProgress = (message: string) => session.terminal.stderr.write(`${message}\n`);
        const built = await ensureModels({ ...folderOf(session), onProgress });
        return { rows: [...built].map(([id, file]) => ({ id, file })) };
      },
    },
    {
      usage: 'use <model>',
      summary: 'Put a model, or a set of models of the manifest (npm: the default ones), into use',
      async runWithoutStores(args, session) {
        const used = await useModels(args.one('model'), folderOf(session));
        tellOfRestart(session);
        return { rows: used.map(shown) };
      },
    },
    {
      usage: 'add <source>',
      summary:
        'Bring a model from a file or an https address, or a set (recommended) of models, and check it against its pinned hash',
      options: [
        ['--from <source>', 'of a set: the folder or https address that has its files'],
        ['--accept-licence', 'of a set: you have read the licences of its models'],
        ['--sha256 <hex>', 'the hash it must have'],
        [
          '--entry <file>',
          'a JSON file that describes a model of your own, as the manifest describes others',
        ],
        [
          '--licence <spdx>',
          'the licence that you have read and accept, for an embedder or a YuNet without --entry',
        ],
        ['--id <id>', 'its name then (default: of the file)'],
      ],
      async runWithoutStores(args, session) {
        if (Object.hasOwn(loadManifest().sets, args.one('source'))) return addSetOf(args, session);
        const { addModel } = await import('@openfrs/models/build');
        const [sha256, entry] = [args.maybe('sha256'), args.maybe('entry')];
        const [licence, id] = [args.maybe('licence'), args.maybe('id')];
        const { entry: added, active } = await addModel(args.one('source'), {
          ...folderOf(session),
          ...(sha256 !== undefined && { sha256 }),
          ...(licence !== undefined && { licence }),
          ...(id !== undefined && { id }),
          ...(entry !== undefined && { entry: JSON.parse(await readFile(entry, 'utf8')) as unknown }),
        });
        if (active) tellOfRestart(session);
        const { id: name, role, licence: terms } = added;
        return { record: { id: name, role, licence: terms.spdx, 'in use': active } };
      },
    },
    modelEval,
    modelCalibrate,
    modelFit,
  ]);
}

/** `openfrs models add recommended`: the licences are shown; without consent to them nothing is fetched. */
async function addSetOf(args: Arguments, session: Session) {
  const { addSet, publishedEmbedders, publishedModels } = await import('@openfrs/models/build');
  const [set, from] = [args.one('source'), args.maybe('from')];
  const tell = (lines: readonly string[]) =>
    session.terminal.stderr.write(lines.map((line) => `${line}\n`).join(''));
  tell(
    [...publishedModels(set), ...publishedEmbedders(set)].map(
      ({ id, licence }) => `${id}: ${licence.spdx}. Trained on: ${licence.training}`,
    ),
  );
  if (!args.flag('acceptLicence')) {
    throw new CliError('Read these licences, and give --accept-licence to bring the models.');
  }
  if (from === undefined) throw new CliError('Say where the files are: --from <folder or https address>.');
  const { models, embedders, absent } = await addSet(set, { ...folderOf(session), from });
  tell(absent.map(({ id, reason }) => `${id} was not brought: ${reason}`));
  tell(
    embedders.map(
      ({ id, embedder }) =>
        `${id} serves once you choose it: ${embedder?.calibration ? '' : `openfrs models calibrate ${id} --identities DIR, then `}openfrs models use ${id}.`,
    ),
  );
  tellOfRestart(session);
  return {
    rows: [
      ...models.map(({ id, role }) => ({ id, role, 'in use': true })),
      ...embedders.map(({ id, role }) => ({ id, role, 'in use': false })),
    ],
  };
}
