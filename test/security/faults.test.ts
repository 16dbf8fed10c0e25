import type { Config } from '@openfrs/core';
import { type Clients, createClients } from '@openfrs/store';
import { type Fault, injectFaults, seeded } from '@openfrs/testing/faults';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { call, done, seen } from '../contract/support/client.ts';
import { startService } from '../contract/support/service.ts';
import { smallPhoto } from '../support/small-photos.ts';

/*
 * What clients see of the service when its stores don't do as they should. The faults are in the service's own clients
 * of its stores; what the store itself makes of them is tested beside it.
 */
const set = 'people';
const image_base64 = smallPhoto(3).toString('base64');
let choose: (command: string) => Fault = () => undefined;
let stop: () => Promise<void>;
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
  stop = await startService({
    dynamodb: ({ config }) => faulty(config).dynamodb,
    s3: ({ config }) => faulty(config).s3,
  });
  await done('face-set-create', { json: { face_set_name: set } });
});
afterAll(() => stop());

let clients: Clients | undefined;
/** The clients of the one service of this file. */
function faulty({ aws }: Config): Clients {
  if (clients === undefined) {
    clients = createClients(aws);
    injectFaults(clients, (command) => choose(command));
  }
  return clients;
}

async function under<Result>(fault: typeof choose, work: () => Promise<Result>): Promise<Result> {
  choose = fault;
  try {
    return await work();
  } finally {
    choose = () => undefined;
  }
}

const add = (external_image_id: string) =>
  call('face-add', { set, json: { image_base64, single: true, external_image_id } });

async function listed(): Promise<string[]> {
  const { faces } = await done<{ faces: { external_image_id: string }[] }>('face-list', {
    set,
    query: 'limit=1000',
  });
  return faces.map(({ external_image_id }) => external_image_id);
}

describe('stores', () => {
  it.each(['failed', 'throttled', 'unsent'] as const)(
    'that are %s: 500 FRS.0018 with the request id, and all is well after',
    async (fault) => {
      await add(`before-${fault}`);
      // Accounts are remembered for a second.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      const replies = await under(
        () => fault,
        () => Promise.all([call('face-set-list'), call('face-list', { set }), add(`during-${fault}`)]),
      );
      for (const { status, body, headers, text } of replies) {
        expect([status, (body as { error_code: string }).error_code]).toEqual([500, 'FRS.0018']);
        expect(text).toContain(headers.get('X-Request-Id'));
        expect(text).not.toMatch(/Injected|at .*\.ts|dynamodb|Timeout|Throttl/i);
      }
      const left = await listed();
      expect(left).toContain(`before-${fault}`);
      expect(left).not.toContain(`during-${fault}`);
      expect((await add(`after-${fault}`)).status).toBe(200);
    },
  );

  it('that are slow: late answers, and right ones', async () => {
    const reply = await under(
      () => 'slow',
      () => add('slow'),
    );
    expect(reply.status).toBe(200);
    expect(await listed()).toContain('slow');
  });

  it('that fail now and then: what was acknowledged is there, once; what was refused comes in whole or not at all', async () => {
    const random = seeded(7);
    const faults: readonly Fault[] = ['unsent', 'unanswered', 'throttled', 'failed'];
    const names = Array.from({ length: 24 }, (_, at) => `odd-${at}`);
    const statuses = await under(
      () => (random() < 0.3 ? faults[Math.floor(random() * faults.length)] : undefined),
      () => Promise.all(names.map(async (name) => (await add(name)).status)),
    );
    expect(statuses.filter((status) => status !== 200 && status !== 500)).toEqual([]);
    const left = await listed();
    for (const [at, name] of names.entries()) {
      const times = left.filter((each) => each === name).length;
      if (statuses[at] === 200) expect([name, times]).toEqual([name, 1]);
      else expect(times).toBeLessThanOrEqual(1);
    }
    expect(seen.has('FRS.0018')).toBe(true);
  });

  it('of media that fail: 400 FRS.0022', async () => {
    const json = { image_url: `/${process.env.FRS_BUCKET ?? 'openfrs-media'}/photo.jpg` };
    const reply = await under(
      (command) => (/Object/.test(command) ? 'failed' : undefined),
      () => call('face-detect', { json }),
    );
    expect(reply.body).toMatchObject({ error_code: 'FRS.0022' });
  });
});

await import('./suites/clock.ts');
await import('./suites/restart.ts');
