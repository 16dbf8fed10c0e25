import { type Operation, operations } from '@openfrs/contract';
import { amount, seedOf } from '@openfrs/testing/sample';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Account } from '../support/account.ts';
import { smallPhoto } from '../support/small-photos.ts';
import { done, tokenOf } from './support/client.ts';
import { malformed, type Oddity, set } from './support/malformed.ts';
import { newAccount } from './support/operator.ts';
import { service, startService } from './support/service.ts';

/*
 * Malformed requests to every operation, hundreds or a thousand: each gets an answer of the contract in time, none a 500, and
 * nothing of another project is told or changed. FRS_FUZZ_RUNS sets how many for each operation.
 */
const runs = Number(process.env.FRS_FUZZ_RUNS ?? amount(120, 1000));
const slowest = 20_000;

let stop: () => Promise<void>;
let attacker: Account;
let victim: Account;
/** What no answer to the attacker may hold. */
let secrets: string[];
let before: unknown;

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
  stop = await startService();
  [attacker, victim] = [await newAccount(), await newAccount()];
  const external_fields = { id: { type: 'string' }, n: { type: 'long' } };
  const json = { face_set_name: set, external_fields };
  for (const account of [attacker, victim]) await done('face-set-create', { json, account });
  await done('face-set-create', { json: { face_set_name: 'victims-own' }, account: victim });
  const added = await done<{ face_set_id: string; faces: { face_id: string }[] }>('face-add', {
    set,
    account: victim,
    json: {
      image_base64: smallPhoto(3).toString('base64'),
      external_image_id: 'victims-image',
      external_fields: { id: 'victims-field', n: 1 },
    },
  });
  secrets = ['victims-', added.face_set_id, ...added.faces.map((face) => face.face_id)];
  before = await victimsState();
});
afterAll(() => stop());

async function victimsState(): Promise<unknown> {
  return [
    await done('face-set-list', { account: victim }),
    await done('face-list', { account: victim, set, query: 'limit=100' }),
  ];
}

interface Attack {
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
}

async function attack(row: Operation, one: Oddity): Promise<Attack> {
  const project =
    one.project === 'own' ? attacker.projectId : one.project === 'other' ? victim.projectId : one.project;
  const path = (row.paths[one.at] ?? '')
    .replace('{project_id}', project)
    .replace('{face_set_name}', one.name);
  const credentials: Record<string, Record<string, string>> = {
    token: { 'X-Auth-Token': await tokenOf(attacker) },
    garbled: { 'X-Auth-Token': 'e30.e30.' },
    signature: {
      Authorization: `SDK-HMAC-SHA256 Access=${victim.ak}, SignedHeaders=;;, Signature=zz`,
      'X-Sdk-Date': '1',
    },
  };
  return {
    path: path + (one.query === '' ? '' : `?${one.query}`),
    method: row.method,
    headers: { 'Content-Type': one.type, ...credentials[one.credential] },
    body: row.method === 'GET' ? undefined : one.body,
  };
}

describe.each(operations.map((row) => [row.name, row] as const))('%s', (_, row: Operation) => {
  it('answers malformed requests in the contract’s way', { timeout: 300_000 }, async () => {
    const some = row.needs.some((need) => need === 'video') ? Math.ceil(runs / 5) : runs;
    await fc.assert(
      fc.asyncProperty(malformed(row), async (one) => {
        const { path, method, headers, body } = await attack(row, one);
        const init = {
          method,
          headers,
          ...(body && { body: new Uint8Array(body) }),
          signal: AbortSignal.timeout(slowest),
        };
        const response = await fetch(service.endpoint + path, init);
        const text = await response.text();
        expect(response.status, text).toBeLessThan(500);
        for (const secret of secrets) expect(text).not.toContain(secret);
      }),
      { numRuns: some, seed: seedOf(row.name), endOnFailure: true },
    );
    expect(await victimsState()).toEqual(before);
  });
});
