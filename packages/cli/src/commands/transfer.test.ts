import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createAccount, newSecretKey, secretKeys } from '@openfrs/core';
import { sdkVariables } from '@openfrs/embedded';
import { startInThread } from '@openfrs/embedded/in-thread';
import { createBuckets, createClients, createFaceSets, createTables, dynamodbAccounts } from '@openfrs/store';
import { afterAll, expect, it } from 'vitest';
import { runCommand } from '../../../../test/support/run-command.ts';

const embedded = await startInThread();
const clients = createClients({ ...embedded, credentials: embedded });
await createTables(clients.dynamodb, ['openfrs-accounts', 'openfrs-data']);
await createBuckets(clients.s3, ['openfrs-index']);
const folder = await mkdtemp(join(tmpdir(), 'openfrs-transfer-'));
afterAll(async () => {
  clients.destroy();
  await embedded.stop();
  await rm(folder, { recursive: true });
});

const accounts = dynamodbAccounts(clients.dynamodb, 'openfrs-accounts');
const account = await createAccount(
  { domain: 'acme', user: 'ann', project: 'here' },
  { accounts, secrets: secretKeys(newSecretKey()) },
);
const faceSets = createFaceSets({ ...clients, table: 'openfrs-data', bucket: 'openfrs-index' });
const set = await faceSets.create(
  account.projectId,
  { name: 'people', capacity: 10_000, fields: { id: 'long' }, model: 'm', dimension: 64 },
  10,
);
await faceSets.add(
  set,
  Array.from({ length: 120 }, (_, index) => ({
    box: { topLeftX: index, topLeftY: 0, width: 1, height: 1 },
    externalImageId: `photo-${index}`,
    fields: { id: 9007199254740993n + BigInt(index) },
    vector: Float32Array.from({ length: 64 }, (_unused, at) => (at === index % 64 ? 1 : 0)),
  })),
);

const frs = (...argv: string[]) => runCommand(argv, sdkVariables(embedded));

it.each(['people.ndjson', 'people.ndjson.gz'])(
  'a set goes out to %s and comes in again as it was',
  async (name) => {
    const file = join(folder, name);
    expect(await frs('export', 'here', 'people', file, '--json')).toMatchObject({
      code: 0,
      out: expect.stringContaining('"faces":120'),
    });
    const bytes = await readFile(file);
    expect((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n')).toHaveLength(122);
    expect((await stat(file)).mode & 0o077).toBe(0);
    const copy = name.replaceAll('.', '-');
    expect(await frs('import', 'here', file, '--set', copy, '--json')).toMatchObject({
      code: 0,
      out: expect.stringContaining('"before":false'),
    });
    const there = await faceSets.get(account.projectId, copy);
    expect(await faceSets.page(there, 0, 200)).toEqual(await faceSets.page(set, 0, 200));
    expect(await frs('import', 'here', file, '--set', copy)).toMatchObject({
      code: 0,
      err: expect.stringContaining('before'),
    });
    expect((await faceSets.get(account.projectId, copy)).faceNumber).toBe(120);
  },
);

it('a file that is no export, or was cut off, adds nothing', async () => {
  const file = join(folder, 'wrong');
  await writeFile(file, 'no export');
  expect(await frs('import', 'here', file, '--set', 'wrong')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Line 1'),
  });
  const whole = await readFile(join(folder, 'people.ndjson.gz'));
  await writeFile(`${file}.gz`, whole.subarray(0, whole.length / 2));
  expect(await frs('import', 'here', `${file}.gz`, '--set', 'wrong')).toMatchObject({ code: 1, out: '' });
  await expect(faceSets.get(account.projectId, 'wrong')).rejects.toMatchObject({ code: 'FRS.0302' });
  expect(await frs('import', 'here', join(folder, 'nowhere'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('no file'),
  });
  expect(await frs('export', 'here', 'nowhere', join(folder, 'x'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('FRS.0302'),
  });
});

it('imports that nobody goes on with are given up', async () => {
  expect(await frs('abandon-imports', 'here', 'people', '--json')).toMatchObject({
    code: 0,
    out: '{"abandoned":0}\n',
  });
});
