import { inspect } from 'node:util';
import fc from 'fast-check';
import { expectIdle } from './idle.ts';
import { parallel } from './parallel.ts';

/*
 * FRS_FUZZ_SECONDS: how long all kinds of mutations together are tried. FRS_FUZZ_CASES: how many cases of each anonymous kind
 * instead. FRS_FUZZ_SEED: begins where another run did, or failed.
 */
export const seconds = Number(process.env.FRS_FUZZ_SECONDS || 10);
export const cases = Number(process.env.FRS_FUZZ_CASES || 0);
export const seed = Number(process.env.FRS_FUZZ_SEED || Math.floor(Math.random() * 2 ** 31));

export interface Kind<Case> {
  readonly name: string;
  /** What its cases need, made once. */
  readonly prepare?: () => Promise<void>;
  readonly arbitrary: fc.Arbitrary<Case>;
  /** Sends one and holds its answer against the contract. */
  readonly attempt: (one: Case) => Promise<void>;
  /** Cases on their way at a time. */
  readonly width: number;
  /** Its part of the time. */
  readonly share: number;
}

/** Cases of one seed, for each that may be on its way at a time; the next as many are of the next seed. */
const rounds = 4;

/** Tries cases of a kind for its time, or the given number of them; returns how many. */
export async function fuzz<Case>(kind: Kind<Case>): Promise<number> {
  await kind.prepare?.();
  const until = Date.now() + seconds * 1000 * kind.share;
  let done = 0;
  const goesOn = () => done === 0 || (cases ? done < cases : Date.now() < until);
  for (let next = seed; goesOn(); next++) {
    const some = fc.sample(kind.arbitrary, { seed: next, numRuns: rounds * kind.width });
    await parallel(some, kind.width, async (one) => {
      if (!goesOn()) return;
      try {
        await kind.attempt(one);
      } catch (cause) {
        throw new Error(`FRS_FUZZ_SEED=${next}, ${kind.name}: ${shown(one)}: ${cause}`, { cause });
      }
      done += 1;
    });
  }
  await expectIdle();
  return done;
}

/** A case for people: bytes as the text that most of them are. */
function shown(one: unknown): string {
  const readable = (part: unknown): unknown => {
    if (Buffer.isBuffer(part)) return part.subarray(0, 1500).toString('latin1');
    return Array.isArray(part) ? part.map(readable) : part;
  };
  return inspect(readable(one), { depth: 8, maxStringLength: 2000, breakLength: 200 }).slice(0, 5000);
}
