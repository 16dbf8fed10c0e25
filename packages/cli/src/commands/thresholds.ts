import { cosineAtFpir, readConfig } from '@openfrs/core';
import type { Command } from 'commander';
import { CliError } from '../failure.ts';
import type { Row } from '../terminal/output.ts';
import { addCommand, type Session } from './command.ts';
import { findEmbedder } from './model-eval.ts';
import { numberOf } from './numbers.ts';

/** Sizes of the table without `--faces`; one face is a comparison of two photos. */
const sizes = [1, 100, 1000, 5000, 10_000, 100_000, 1_000_000];
const rates = [0.1, 0.01, 0.001];

/** `openfrs thresholds`: which `threshold` keeps false alarms rare, by the number of faces in a set. */
export function thresholdsCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'thresholds',
    summary:
      'Tell the threshold of a search by the size of its set and the false alarms that are put up with',
    options: [
      ['--faces <number>', 'faces in the set (default: a table of sizes)'],
      [
        '--max-fpir <share>',
        'share of searches by strangers that may find anyone (default: .1, .01 and .001)',
      ],
      ['--model <id>', 'an embedder by its id (default: the one in use)'],
    ],
    async runWithoutStores(args, { terminal }) {
      const [faces, share, id] = ['faces', 'maxFpir', 'model'].map((name) => args.maybe(name));
      const found = await findEmbedder(id, readConfig(terminal.environment).modelsDir);
      if (found?.entry.role !== 'embedder') throw new CliError(`There is no embedder ${id}.`);
      const { embeddingsOf } = await import('@openfrs/vision');
      const [model] = embeddingsOf(found.entry);
      const fpirs = share === undefined ? rates : [within(share, 'The share', 0, 1)];
      const counts = faces === undefined ? sizes : [within(faces, 'The number of faces', 0, 1e9)];
      const thresholds = counts.flatMap((count) =>
        fpirs.map((fpir) => {
          const cosine = Math.min(1, cosineAtFpir(model, fpir, count));
          return {
            faces: count,
            max_fpir: fpir,
            threshold: model.similarity(cosine),
            false_match_rate: model.falseMatchRate(cosine),
          };
        }),
      );
      const rowOf = (count: number): Row => ({
        faces: String(count),
        ...Object.fromEntries(
          thresholds
            .filter(({ faces }) => faces === count)
            .map(({ max_fpir, threshold }) => [`FPIR ${max_fpir * 100} %`, threshold.toFixed(4)]),
        ),
      });
      return { rows: counts.map(rowOf), document: { model: model.id, thresholds } };
    },
  });
}

/** A number between both, neither included. @throws CliError */
function within(text: string, what: string, low: number, high: number): number {
  const value = numberOf(text, what);
  if (value <= low || value >= high) throw new CliError(`${what} must be between ${low} and ${high}.`);
  return value;
}
