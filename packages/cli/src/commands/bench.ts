import { FrsApiError } from '@openfrs/client';
import type { Command } from 'commander';
import pMap from 'p-map';
import { openApi, photoFile } from '../api/api.ts';
import { photosOf } from '../api/photos.ts';
import { CliError } from '../failure.ts';
import { progressBar } from '../terminal/progress.ts';
import { addCommand, type Session } from './command.ts';
import { numberOf } from './numbers.ts';

const REQUESTS = 20;
const AT_ONCE = 2;

/** An operation, and how it is asked. */
type Measured = readonly [name: string, ask: (photo: Blob) => Promise<unknown>];

/** How quick the service is, seen from here: the network and the reading of the photos' answers included. */
export function benchCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'bench <path...>',
    summary: 'Measure how long the service takes to answer, with photos (files and folders) of your own',
    options: [
      ['--set <name>', 'also search this face set'],
      ['--requests <number>', `of each operation (default ${REQUESTS})`],
      ['--parallel <number>', `requests at once (default ${AT_ONCE})`],
    ],
    async runWithoutStores(args, { terminal }) {
      const set = args.maybe('set');
      const requests = count(args.maybe('requests') ?? String(REQUESTS));
      const parallel = count(args.maybe('parallel') ?? String(AT_ONCE));
      const api = await openApi(terminal.environment);
      const photos = await Promise.all((await photosOf(args.many('path'))).map(photoFile));
      if (photos.length === 0) throw new CliError('There is no photo.');
      const detect: Measured = ['face-detect', (image_file) => api.faceDetect({ image_file })];
      const search = (face_set_name: string): Measured => [
        'face-search',
        (image_file) => api.faceSearch({ face_set_name, image_file }),
      ];
      const operations = [detect, ...(set === undefined ? [] : [search(set)])];
      const bar = progressBar(terminal.stderr);
      let done = 0;
      const rows = [];
      for (const [operation, ask] of operations) {
        const asked = Array.from({ length: requests }, (_, at) => photos[at % photos.length] as Blob);
        const measured = await measure(asked, parallel, ask, () => {
          done += 1;
          bar.at(done, requests * operations.length);
        }).finally(() => bar.end());
        rows.push({ operation, ...measured });
      }
      return { rows, failed: rows.some(({ refused }) => refused > 0) };
    },
  });
}

async function measure(
  photos: readonly Blob[],
  parallel: number,
  ask: (photo: Blob) => Promise<unknown>,
  onDone: () => void,
) {
  let refused = 0;
  const begun = performance.now();
  const times = await pMap(
    photos,
    async (photo) => {
      const sent = performance.now();
      await ask(photo).catch((error: unknown) => {
        if (!(error instanceof FrsApiError)) throw error;
        refused += 1;
      });
      onDone();
      return performance.now() - sent;
    },
    { concurrency: parallel },
  );
  const seconds = (performance.now() - begun) / 1000;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return {
    requests: times.length,
    refused,
    'median ms': at(0.5),
    'p99 ms': at(0.99),
    'a second': Math.round((10 * times.length) / seconds) / 10,
  };
}

/** A whole number of at least 1. */
function count(text: string): number {
  const number = numberOf(text, 'The number');
  if (!Number.isInteger(number) || number < 1) throw new CliError(`${text} is not a number of 1 or more.`);
  return number;
}
