import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from '../contract/support/service.ts';
import { filters } from './mutations/filters.ts';
import { hosts } from './mutations/hosts.ts';
import { multiparts } from './mutations/multiparts.ts';
import { pictures } from './mutations/pictures.ts';
import { requestLines } from './mutations/request-lines.ts';
import { signatures } from './mutations/signatures.ts';
import { tokens } from './mutations/tokens.ts';
import { videos } from './mutations/videos.ts';
import { startFixture, stopFixture, victimsState } from './support/fixture.ts';
import { cases, fuzz, type Kind, seconds, seed } from './support/fuzz.ts';

/*
 * Mutated requests against one running service: an answer of the contract or a closed connection in time, never a 500, nothing stays held,
 * and what another account has is never shown nor changed. For FRS_FUZZ_SECONDS, or FRS_FUZZ_CASES=10000 of each anonymous kind; the
 * seed is printed, and FRS_FUZZ_SEED repeats it.
 */
let stop: () => Promise<void>;
let before: unknown;
beforeAll(async () => {
  process.stdout.write(
    `mutations: FRS_FUZZ_SEED=${seed} repeats this, ${cases ? `${cases} cases of each anonymous kind` : `${seconds} s`}\n`,
  );
  stop = await startService();
  await startFixture();
  before = await victimsState();
});
afterAll(async () => {
  await stopFixture();
  await stop();
});

const held = <Case>(kind: Kind<Case>) =>
  it(
    `${kind.name}: answered in the contract's way, and nothing is left held`,
    async () => {
      const done = await fuzz(kind);
      process.stdout.write(`mutations: ${done} of ${kind.name}\n`);
      expect(await victimsState()).toEqual(before);
    },
    600_000 + 1000 * seconds + 100 * cases,
  );

describe('what anyone may send', () => {
  held(requestLines);
  held(hosts);
  held(signatures);
  held(tokens);
});

describe.runIf(cases === 0)('what a customer may send', () => {
  held(multiparts);
  held(filters);
  held(pictures);
  held(videos);
});
