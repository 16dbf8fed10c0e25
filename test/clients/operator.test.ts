import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeyPair, pythonClient } from '@openfrs/testing/signers';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { startCompiled } from '../support/compiled-service.ts';
import { runJson } from '../support/run-command.ts';
import { type RawResponse, sendRaw } from './raw-http.ts';

/* What an operator changes on the command line is what clients meet within a moment. */

const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-operator-'));
const local = await startCompiled(dataDir);
afterAll(async () => {
  await local.stop();
  await rm(dataDir, { recursive: true });
});

const frs = (line: string) => runJson(line.split(' '), { FRS_DATA_DIR: dataDir });

let account: Record<string, string>;
let key: KeyPair;
let count = 0;

beforeEach(async () => {
  account = await frs(`account create acme${++count} --project here${count}`);
  key = { ak: String(account.ak), sk: String(account.sk) };
  expect((await ask('GET', 'face-sets')).status).toBe(200);
});

async function ask(
  method: string,
  path: string,
  json?: object,
  with_: KeyPair = key,
  version = 'v2',
): Promise<RawResponse> {
  const request = { method, endpoint: local.endpoint, path: `/${version}/${account.projectId}/${path}` };
  const body = json && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(json) };
  return await sendRaw(pythonClient({ ...request, ...body }, with_));
}

/** The code that a request is answered with, once the change has been seen. */
const becomes = (code: string | undefined, method = 'GET', path = 'face-sets', json?: object) =>
  expect
    .poll(async () => (await ask(method, path, json)).code, { timeout: 40_000, interval: 250 })
    .toBe(code);

it('a frozen project: FRS.0202, until it is unfrozen', async () => {
  await frs(`subscription freeze ${account.project}`);
  await becomes('FRS.0202');
  await frs(`subscription unfreeze ${account.project}`);
  await becomes(undefined);
});

it('a service that was unsubscribed: FRS.0020; without any: FRS.0019', async () => {
  await frs(`subscription remove ${account.project} search`);
  await becomes('FRS.0020');
  await becomes('FRS.0011', 'POST', 'face-detect', {});
  await frs(`subscription remove ${account.project} detect compare live_detect`);
  await becomes('FRS.0019');
  await frs(`subscription add ${account.project} search`);
  await becomes(undefined);
});

it('a limit of requests a minute: FRS.0033 beyond it, and honest headers', async () => {
  await frs(`quota set ${account.project} --requests-per-minute 3`);
  // One answer that says it all: the next one may belong to the next minute.
  await expect
    .poll(() => ask('GET', 'face-sets'), { timeout: 40_000, interval: 250 })
    .toMatchObject({
      status: 400,
      code: 'FRS.0033',
      headers: { 'x-ratelimit': '3', 'x-ratelimit-used': '0', 'x-ratelimit-window': 'minute' },
    });
  // Operations are counted apart.
  await becomes('FRS.0302', 'GET', 'face-sets/nowhere');
});

it('a quota of face sets: FRS.0305 beyond it', async () => {
  await frs(`quota set ${account.project} --face-sets 1`);
  const create = (name: string) =>
    ask('POST', 'face-sets', { face_set_name: name, face_set_capacity: 10_000 });
  await expect
    .poll(async () => (await ask('GET', 'subscribe', undefined, key, 'v1')).body, {
      timeout: 40_000,
      interval: 250,
    })
    .toMatchObject({ max_face_set_number: 1 });
  expect([(await create('a')).status, (await create('b')).code]).toEqual([200, 'FRS.0305']);
});

it('a bucket: FRS.0027 before it is authorised and after it is revoked', async () => {
  const json = { image_url: `/${local.credentials.FRS_BUCKET}/nothing.jpg` };
  const answered = (code: string) => becomes(code, 'POST', 'face-detect', json);
  await answered('FRS.0027');
  await frs(`bucket authorise ${account.project} ${local.credentials.FRS_BUCKET}`);
  await answered('FRS.0024');
  await frs(`bucket revoke ${account.project} ${local.credentials.FRS_BUCKET}`);
  await answered('FRS.0027');
});

it('keys: a new one works at once, a disabled or deleted one no more', async () => {
  const second = await frs(`key create ${account.user} --domain ${account.domain}`);
  const pair = { ak: String(second.ak), sk: String(second.sk) };
  expect((await ask('GET', 'face-sets', undefined, pair)).status).toBe(200);
  await frs(`key disable ${key.ak}`);
  await becomes('APIG.0301');
  expect((await ask('GET', 'face-sets', undefined, pair)).status).toBe(200);
  await frs(`key enable ${key.ak}`);
  await becomes(undefined);
  const rotated = await frs(`key rotate ${key.ak}`);
  await becomes('APIG.0301');
  key = { ak: String(rotated.ak), sk: String(rotated.sk) };
  await becomes(undefined);
  await frs(`key delete ${key.ak}`);
  await becomes('APIG.0301');
});

it('a disabled user, domain or project: FRS.0002', async () => {
  await frs(`user disable ${account.user} --domain ${account.domain}`);
  await becomes('FRS.0002');
  await frs(`user enable ${account.user} --domain ${account.domain}`);
  await becomes(undefined);
  await frs(`domain disable ${account.domain}`);
  await becomes('FRS.0002');
  await frs(`domain enable ${account.domain}`);
  await becomes(undefined);
  await frs(`project disable ${account.project}`);
  await becomes('FRS.0002');
});

it('a deleted project: FRS.0028, as if it had never been', async () => {
  await frs(`project delete ${account.project}`);
  await becomes('FRS.0028');
});
