import { type Fault, injectFaults, seeded } from '@openfrs/testing/faults';
import { amount, seedOf } from '@openfrs/testing/sample';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { reopened, startStores, type TestStores } from './embedded.ts';
import { histories, play } from './history.ts';

/** How many histories; thousands are asked for by the environment. */
const runs = Number(process.env.FRS_TEST_HISTORIES ?? amount(10, 200));
const faultyRuns = Math.ceil(runs / 2);

/** A run of thousands takes hours: it tells how many have held so far. */
function counter(kind: string): () => void {
  let held = 0;
  return () => {
    held += 1;
    if (held % 50 === 0) console.log(`${held} ${kind} histories held.`);
  };
}

describe('face sets against a model, over random histories of writes, compactions, restarts and crashes', () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await startStores();
  });
  afterAll(() => stores.stop());

  it(
    `holds in ${runs} histories`,
    async () => {
      const count = counter('random');
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          await play(stores, history);
          count();
        }),
        { numRuns: runs, seed: seedOf('histories'), endOnFailure: process.env.FRS_TEST_SHRINK === undefined },
      );
    },
    runs * 10_000,
  );

  it(
    `holds in ${faultyRuns} histories in which requests fail, are throttled, come late or are carried out unanswered`,
    async () => {
      const random = seeded(seedOf('faults'));
      const kinds: Fault[] = ['unsent', 'unanswered', 'throttled', 'failed', 'slow'];
      let share = 0;
      const faulty = reopened(stores);
      const count = counter('faulty');
      injectFaults(faulty, () => (random() < share ? kinds[Math.floor(random() * kinds.length)] : undefined));
      await fc.assert(
        fc.asyncProperty(histories, fc.constantFrom(0.05, 0.4), async (history, rate) => {
          share = rate;
          await play(stores, history, { faulty });
          count();
        }),
        {
          numRuns: faultyRuns,
          seed: seedOf('faulty histories'),
          endOnFailure: process.env.FRS_TEST_SHRINK === undefined,
        },
      );
      faulty.destroy();
    },
    runs * 20_000,
  );
});
