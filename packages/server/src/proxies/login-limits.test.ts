import { createAccount, newSecretKey, readConfig } from '@openfrs/core';
import { closeServer, listen, sdkVariables } from '@openfrs/embedded';
import { type StoresInThread, startInThread } from '@openfrs/embedded/in-thread';
import { createService, parts, type Service, tokenCreate } from '@openfrs/service';
import { createTables, storeNames } from '@openfrs/store';
import { quickDerivation } from '@openfrs/testing/passwords';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpListener } from '../http-listener.ts';
import { serverApp } from '../server-app.ts';

let stores: StoresInThread;
let service: Service;
let now = new Date();
beforeAll(async () => {
  stores = await startInThread();
  const config = readConfig({ ...sdkVariables(stores), FRS_SECRET_KEY: newSecretKey() });
  service = createService(config, {
    operations: [tokenCreate],
    overrides: { keyDerivation: () => quickDerivation },
    now: () => now,
    onRequest: () => {},
  });
  await createTables(service.resolve(parts.dynamodb), storeNames(config).tables);
  const deps = {
    accounts: service.resolve(parts.accounts),
    secrets: service.resolve(parts.secrets),
    derivation: quickDerivation,
  };
  const spec = { domain: 'acme', user: 'ann', password: 'correct horse battery', project: 'cn-north-4' };
  await createAccount(spec, deps);
});
afterAll(async () => {
  await service?.close();
  await stores?.stop();
});

type Header = 'x-forwarded-for' | 'forwarded';
type Login = (password: string, value: string) => Promise<number>;

/** The service behind a proxy at 127.0.0.1 that writes a header, and what logins through it are answered. */
async function behind(trustedProxies: string[], header: Header, work: (login: Login) => Promise<void>) {
  // A new minute: failures of other cases count no more.
  now = new Date(now.getTime() + 120_000);
  const settings = {
    connections: { total: 200, perSource: 100 },
    refusals: { perSecond: 1_000_000, capacity: 1_000_000 },
    ...{ trustedProxies, forwardedHeader: header, tls: undefined },
  };
  const listener = new HttpListener(settings, () => {});
  listener.open(serverApp(service, () => {}, { docs: false }));
  const port = await listen(listener.server, 0, 'the service');
  try {
    await work(async (password, value) => {
      const user = { name: 'ann', password, domain: { name: 'acme' } };
      const answer = await fetch(`http://127.0.0.1:${port}/v3/auth/tokens`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', [header]: value },
        body: JSON.stringify({
          auth: {
            identity: { methods: ['password'], password: { user } },
            scope: { project: { name: 'cn-north-4' } },
          },
        }),
      });
      await answer.arrayBuffer();
      return answer.status;
    });
  } finally {
    await closeServer(listener.server);
  }
}

const right = 'correct horse battery';

describe.each([
  ['x-forwarded-for', (...addresses: string[]) => addresses.join(', ')],
  ['forwarded', (...addresses: string[]) => addresses.map((one) => `for=${one}`).join(', ')],
] as const)('failed logins behind a proxy that writes %s', (header, list) => {
  it('count for the client that a trusted one names, whatever the client says of itself', async () => {
    await behind(['127.0.0.1'], header, async (login) => {
      for (let guess = 0; guess < 30; guess++)
        expect(await login('wrong', list(`198.51.100.${guess}`, '203.0.113.1'))).toBe(401);
      expect(await login(right, list('203.0.113.1'))).toBe(400);
      expect(await login(right, list('198.51.100.99', '203.0.113.1'))).toBe(400);
      expect(await login(right, list('203.0.113.2'))).toBe(201);
    });
  });

  it('count for the peer where it is not trusted', async () => {
    await behind(['10.0.0.0/8'], header, async (login) => {
      for (let guess = 0; guess < 30; guess++)
        expect(await login('wrong', list(`203.0.113.${guess}`))).toBe(401);
      expect(await login(right, list('203.0.113.200'))).toBe(400);
    });
  });
});
