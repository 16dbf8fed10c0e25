import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createAccount, newSecretKey, secretKeys } from '@openfrs/core';
import { type EmbeddedStores, sdkVariables, startEmbedded } from '@openfrs/embedded';
import { createClients, createFaceSets, dynamodbAccounts } from '@openfrs/store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { blocksOf } from '../support/pages.ts';
import { runCommand } from '../support/run-command.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

/* The page's commands on stores that a service would have. */

const dir = mkdtempSync(join(tmpdir(), 'openfrs-backup-'));
const key = newSecretKey();

const vector = (at: number) => Float32Array.from({ length: 64 }, (_, i) => (i === at % 64 ? 1 : 0));

describe('the page about backups', () => {
  let [origin, target]: EmbeddedStores[] = [];
  let account: Awaited<ReturnType<typeof createAccount>>;
  /** Runs a command of the page; answers what it printed. @throws Error with what it said where it failed */
  async function frs(line: string, stores: EmbeddedStores | undefined, secret = key): Promise<string> {
    const [, ...args] = line
      .trim()
      .replace('backups/openfrs-*.ndjson.gz', `backups/${files()[0]}`)
      .split(' ');
    const { code, out, err } = await runCommand(
      args.slice(1).map((arg) => (/^backups|\.gz$/.test(arg) ? join(dir, arg) : arg)),
      { ...sdkVariables(stores as EmbeddedStores), FRS_SECRET_KEY: secret },
    );
    if (code !== 0) throw new Error(err);
    return out;
  }
  const open = (stores: EmbeddedStores | undefined) => {
    const clients = createClients({ ...(stores as EmbeddedStores), credentials: stores as EmbeddedStores });
    return {
      ...clients,
      accounts: dynamodbAccounts(clients.dynamodb, 'openfrs-accounts'),
      faceSets: createFaceSets({ ...clients, table: 'openfrs-data', bucket: 'openfrs-index' }),
    };
  };
  const commands = async () =>
    (await blocksOf('packages/docs/backup.md'))
      .filter(({ language }) => language === 'sh')
      .map(({ text }) => text);
  const files = () =>
    readdirSync(dir, { recursive: true }).flatMap((name) => /^backups.(.*)/.exec(String(name))?.[1] ?? []);

  beforeAll(async () => {
    [origin, target] = await Promise.all([startEmbedded(), startEmbedded()]);
    await frs('npx openfrs setup', origin);
    const { accounts, faceSets, destroy } = open(origin);
    account = await createAccount(
      { domain: 'acme', user: 'ann', project: 'here' },
      { accounts, secrets: secretKeys(key) },
    );
    const set = await faceSets.create(
      account.projectId,
      { name: 'people', capacity: 10_000, fields: { id: 'long' }, model: 'm', dimension: 64 },
      10,
    );
    const box = { topLeftX: 0, topLeftY: 0, width: 40, height: 40 };
    const faces = Array.from({ length: 300 }, (_, at) => ({
      box,
      externalImageId: `photo-${at}`,
      fields: { id: 9007199254740993n },
      vector: vector(at),
    }));
    for (let at = 0; at < 300; at += 100) await faceSets.add(set, faces.slice(at, at + 100));
    destroy();
  });
  afterAll(async () => {
    await Promise.all([origin?.stop(), target?.stop()]);
    await rm(dir, { recursive: true, force: true });
  });

  it('makes a backup that only its owner reads and that has no secret in it, and verifies it', async () => {
    const [backup = '', verify = ''] = await commands();
    expect(await frs(backup, origin)).toMatch(/faces\s+300/);
    expect(files()).toEqual([expect.stringMatching(/^openfrs-[\dTZ-]+\.ndjson\.gz$/)]);
    const file = join(dir, 'backups', files()[0] as string);
    expect(statSync(file).mode & 0o077).toBe(0);
    const text = gunzipSync(readFileSync(file)).toString();
    for (const secret of [account.sk, account.password, key]) expect(text).not.toContain(secret);
    expect(await frs(verify, origin)).toMatch(/faces\s+300/);
    // A bit that flipped is found by gzip or by the sum; so is a file that was cut off.
    const lines = text.split('\n');
    const flipped = lines.with(9, lines[9]?.replace('photo-', 'photo_') ?? '').join('\n');
    for (const [name, damaged] of [
      ['flipped.gz', gzipSync(flipped)],
      ['cut.gz', gzipSync(lines.slice(0, -2).join('\n'))],
      ['torn.gz', readFileSync(file).subarray(0, -20)],
    ] as const) {
      writeFileSync(join(dir, name), damaged);
      await expect(frs(`npx openfrs restore ${name} --verify`, origin), name).rejects.toThrow();
    }
  });

  it('restores it elsewhere: keys, sets and searches are as they were', async () => {
    const restore = (await commands()).at(-1) ?? '';
    const unprepared = frs(restore, target);
    await expect(unprepared).rejects.toThrow(/openfrs setup/);
    await frs('npx openfrs setup', target);
    await expect(frs(restore, target, newSecretKey())).rejects.toThrow(/another key/);
    expect(await frs(restore, target)).toMatch(/faces\s+300/);
    const { accounts, faceSets, destroy } = open(target);
    const restored = await accounts.accessKey(account.ak);
    expect(secretKeys(key).open(restored?.sealedSecret ?? '', account.ak)).toBe(account.sk);
    const set = await faceSets.get(account.projectId, 'people');
    const query = { probe: { vector: vector(7) }, topN: 1, minCosine: 0.9 };
    const before = open(origin);
    expect(await faceSets.search(set, query)).toEqual(await before.faceSets.search(set, query));
    before.destroy();
    destroy();
    await expect(frs(restore, target)).rejects.toThrow(/not empty/);
    await expect(frs(restore, origin)).rejects.toThrow(/not empty/);
  });
});
