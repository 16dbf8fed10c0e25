import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { operations } from '@openfrs/contract';
import { createAccount, secretKeys } from '@openfrs/core';
import { type EmbeddedStores, sdkVariables, startEmbedded } from '@openfrs/embedded';
import { createBuckets, createClients, createTables, dynamodbAccounts } from '@openfrs/store';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { photo } from '../support/photos.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const secretKey = Buffer.alloc(32, 7).toString('base64');
/** What the image's entry point and command are, from the sources; and what it says in its environment. */
const command = ['packages/cli/bin/openfrs.cjs', 'serve'];
const ofImage = { FRS_HOST: '0.0.0.0' };

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe('the container', () => {
  let stores: EmbeddedStores;
  let child: ChildProcess;
  let endpoint: string;
  let account: Awaited<ReturnType<typeof createAccount>>;
  let output = '';
  const start = (variables: Record<string, string>) => {
    const process_ = spawn(process.execPath, command, {
      cwd: root,
      // As the deployment names its tables: no container has stores of its own.
      env: { ...process.env, ...ofImage, FRS_TABLE_ACCOUNTS: 'openfrs-accounts', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [process_.stdout, process_.stderr]) stream.on('data', (chunk) => (output += chunk));
    return process_;
  };
  beforeAll(async () => {
    stores = await startEmbedded();
    const clients = createClients({
      region: stores.region,
      dynamodbEndpoint: stores.dynamodbEndpoint,
      s3Endpoint: stores.s3Endpoint,
      credentials: stores,
    });
    await createTables(clients.dynamodb, ['openfrs-data', 'openfrs-accounts', 'openfrs-limits']);
    await createBuckets(clients.s3, ['openfrs-index', 'openfrs-media']);
    account = await createAccount(
      { domain: 'big', user: 'ann', project: 'region-1' },
      { accounts: dynamodbAccounts(clients.dynamodb, 'openfrs-accounts'), secrets: secretKeys(secretKey) },
    );
    clients.destroy();
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    child = start({
      PORT: String(port),
      FRS_SECRET_KEY: secretKey,
      ...sdkVariables(stores),
    });
    await vi.waitFor(async () => expect((await fetch(`${endpoint}/health`)).status).toBe(200), {
      timeout: 60_000,
      interval: 200,
    });
  });
  afterAll(async () => {
    child?.kill('SIGKILL');
    await stores?.stop();
  });

  const token = async () => {
    const user = { name: account.user, password: account.password, domain: { name: account.domain } };
    const body = JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user } },
        scope: { project: { name: account.project } },
      },
    });
    const reply = await fetch(`${endpoint}/v3/auth/tokens`, { method: 'POST', body });
    expect(reply.status).toBe(201);
    return reply.headers.get('X-Subject-Token') ?? '';
  };

  test('has a route for every operation', async () => {
    for (const { method, paths } of operations) {
      for (const path of paths) {
        const url =
          endpoint + path.replace('{project_id}', account.projectId).replace('{face_set_name}', 'x');
        const reply = await fetch(url, { method, ...(method !== 'GET' && { body: '{}' }) });
        expect([method, path, await reply.text()]).toEqual([
          method,
          path,
          expect.not.stringContaining('APIG.0101'),
        ]);
      }
    }
  });

  test('takes a body that no function would be given: a picture of 8 MB in Base64', async () => {
    const url = `${endpoint}/v2/${account.projectId}/face-detect`;
    const headers = { 'X-Auth-Token': await token() };
    // JPEG readers stop at the end marker: what follows only makes the file large.
    const large = Buffer.concat([photo(1), Buffer.alloc(8_388_600 * 0.75 - photo(1).length - 3)]);
    const image_base64 = large.toString('base64');
    expect(image_base64.length).toBeGreaterThan(8_380_000);
    const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ image_base64 }) });
    expect(await reply.json()).toMatchObject({ faces: [{}, {}, {}] });
    const over = JSON.stringify({ image_base64: `${image_base64}${'A'.repeat(400)}` });
    const refused = await fetch(url, { method: 'POST', headers, body: over });
    expect(await refused.json()).toMatchObject({ error_code: 'FRS.0017' });
  });

  test('lets a request end when it is told to stop', async () => {
    const url = `${endpoint}/v2/${account.projectId}/face-detect`;
    const body = JSON.stringify({ image_base64: photo(3).toString('base64') });
    const headers = { 'X-Auth-Token': await token() };
    const under_way = fetch(url, { method: 'POST', headers, body });
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGTERM');
    expect((await under_way).status).toBe(200);
    const [code] = (await once(child, 'exit')) as [number];
    expect([code, output]).toEqual([0, expect.not.stringContaining('"fault"')]);
  });

  test('does not start without a key', async () => {
    const lost = start({ FRS_SECRET_KEY: '', PORT: '0' });
    const [code] = (await once(lost, 'exit')) as [number];
    expect(code).toBe(1);
    expect(output).toContain('FRS_SECRET_KEY must be set');
  });

  test('is the one image there is', async () => {
    const deployed = /dockerfile: '(.*)'/.exec(
      await readFile(`${root}packages/infra/src/container.ts`, 'utf8'),
    );
    expect(deployed?.[1]).toBe('packages/server/Dockerfile');
    const dockerfile = await readFile(`${root}${deployed?.[1]}`, 'utf8');
    expect(dockerfile).toMatch(/^ENTRYPOINT \[".*\/openfrs"\]\nCMD \["serve"\]$/m);
    for (const [name, value] of Object.entries(ofImage)) expect(dockerfile).toContain(`${name}=${value}`);
  });
});
