import type { DeadLetter } from '@openfrs/store';
import type { Command } from 'commander';
import { CliError } from '../failure.ts';
import type { Stores } from '../stores.ts';
import type { Row } from '../terminal/output.ts';
import { group, type Session } from './command.ts';
import { numberOf } from './numbers.ts';

const SHOWN = 50;
/** Retried without an id; more than anyone has looked at. */
const MOST = 100_000;

/** Photos put into the bucket that were given up. */
export function deadLetterCommands(program: Command, session: Session): void {
  group(program, session, 'dead-letters', 'Photos put under enrol/ that were given up', [
    {
      usage: 'list',
      summary: 'Show photos that were given up in the last 30 days and why, the newest first',
      options: [['--limit <number>', `at most so many (default ${SHOWN})`]],
      async run(stores, args) {
        const limit = numberOf(args.maybe('limit') ?? String(SHOWN), 'The limit');
        const letters = await (await lettersOf(stores)).list(limit);
        return {
          rows: letters.map(({ id, at, key, code, message }) => ({
            id,
            at: at.toISOString(),
            key,
            reason: `${code} ${message}`,
          })),
          empty: 'No photo was given up.',
        };
      },
    },
    {
      usage: 'retry [id]',
      summary: 'Enrol such a photo now, or all of them where no id is given; exit code 1 where any is left',
      async run(stores, args) {
        const id = args.maybe('id');
        const all = await (await lettersOf(stores)).list(MOST);
        const letters = all.filter((letter) => id === undefined || letter.id === id);
        if (id !== undefined && letters.length === 0) throw new CliError(`There is no dead letter ${id}.`);
        const rows: Row[] = [];
        for (const letter of letters) rows.push(await retry(letter, stores));
        const failed = rows.some(({ state }) => state === 'refused' || state === 'failed');
        return { rows, empty: 'No photo was given up.', failed };
      },
    },
  ]);
}

/** @throws CliError on AWS, where a queue has them */
async function lettersOf(stores: Stores) {
  const { isAws } = await import('@openfrs/store');
  if (isAws(stores.config.aws.s3Endpoint) || stores.config.deadLetterQueue !== '') {
    throw new CliError(
      'On AWS the SQS queue that the deployment prints as enrolDeadLetters has them, with the key in each message: put the photo again to have it tried again.',
    );
  }
  return stores.deadLetters();
}

async function retry(letter: DeadLetter, stores: Stores): Promise<Row> {
  const { id, key } = letter;
  try {
    const outcome = await stores.retryUpload(letter);
    // A photo that is refused again has left a newer one.
    await stores.deadLetters().remove(letter);
    const { state, faceIds, code, message } = outcome ?? { ...letter, state: 'refused', faceIds: [] };
    const reason = [code, message].filter((part) => part !== undefined).join(' ');
    return { id, key, state, faces: faceIds, ...(reason && { reason }) };
  } catch (error) {
    return {
      id,
      key,
      state: 'failed',
      faces: [],
      reason: error instanceof Error ? error.message : String(error),
    };
  }
}
