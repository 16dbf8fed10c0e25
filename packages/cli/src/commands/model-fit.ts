import { readFile, writeFile } from 'node:fs/promises';
import { readConfig } from '@openfrs/core';
import { CliError } from '../failure.ts';
import { progressBar } from '../terminal/progress.ts';
import type { CommandDefinition } from './command.ts';

/** `openfrs models fit`: what an entry's `embedder.postprocessing` is made of, from anyone's photos. */
export const modelFit: CommandDefinition = {
  usage: 'fit [model]',
  summary:
    'Compute where an embedder puts faces that can not be recognised, and means of groups, from your photos',
  options: [
    ['--identities <folder>', 'a folder a person, each with photos of that person'],
    ['--groups <file>', 'a CSV file with the columns person, sex, group'],
    ['--out <file>', 'where it goes, as JSON: an embedder.postprocessing but for its id'],
    ['--cache <folder>', 'where vectors are kept between runs'],
  ],
  async runWithoutStores(args, { terminal }) {
    const { modelsDir } = readConfig(terminal.environment);
    const [folder, groups, out] = ['identities', 'groups', 'out'].map((name) => {
      const given = args.maybe(name);
      if (given === undefined) throw new CliError(`Give --${name}.`);
      return given;
    }) as [string, string, string];
    const { createFacePipeline } = await import('@openfrs/vision/pipeline');
    const { fitPostprocessing, noCache, openVectorCache, readGroups, readPeople } = await import(
      '@openfrs/vision/evaluation'
    );
    const embedder = args.maybe('model');
    const pipeline = await createFacePipeline({ modelsDir, ...(embedder !== undefined && { embedder }) });
    const bar = progressBar(terminal.stderr);
    try {
      const cache = args.maybe('cache');
      const {
        people,
        degraded,
        groups: named,
        postprocessing,
      } = await fitPostprocessing(pipeline, await readPeople(folder), {
        groupsOf: readGroups(await readFile(groups, 'utf8')),
        cache: cache === undefined ? noCache : await openVectorCache(cache, pipeline),
        onProgress: bar.at,
      });
      await writeFile(out, `${JSON.stringify(postprocessing, null, 2)}\n`);
      return {
        record: { model: pipeline.embedder.id, people, 'made poor': degraded, groups: named.join(', ') },
      };
    } finally {
      bar.end();
      await pipeline.close();
    }
  },
};
