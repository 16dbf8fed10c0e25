import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccessKey, type AccountsAdmin, newSecretKey, secretKeys } from '@openfrs/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptSecretKey } from './secret-key.ts';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-secret-'));
  file = join(dir, 'secret.key');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const right = newSecretKey();

/** One domain with one user, whose access keys are sealed with these. */
function accountsOf(...sealedWith: string[]): { accounts: AccountsAdmin; keys: AccessKey[] } {
  const keys = sealedWith.map((key, at): AccessKey => {
    const id = `AK${at}`;
    const sealedSecret = secretKeys(key).seal('secret', id);
    return { id, userId: 'user', domainId: 'domain', sealedSecret, enabled: true } as AccessKey;
  });
  const accounts: Partial<AccountsAdmin> = {
    domains: async () => (keys.length > 0 ? [{ id: 'domain', name: 'openfrs' }] : []) as never,
    users: async () => [{ id: 'user' }] as never,
    accessKeys: async () => keys,
    changeAccessKey: async (id, changed) => {
      const at = keys.findIndex((key) => key.id === id);
      const key = changed(keys[at] as AccessKey);
      keys[at] = key;
      return key;
    },
  };
  return { accounts: accounts as AccountsAdmin, keys };
}

const keep = (accounts: AccountsAdmin, more: { given?: string; hasCredentials?: boolean } = {}) =>
  keptSecretKey({ file, given: '', accounts, hasCredentials: true, ...more });

describe('the secret key', () => {
  test('is made at a first start and kept', async () => {
    const made = await keep(accountsOf().accounts, { hasCredentials: false });
    expect(await keep(accountsOf(made).accounts)).toBe(made);
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['cut off', right.slice(0, 20)],
    ['another one', newSecretKey()],
  ])('%s beside accounts: stops the start, names the file and the remedy, and leaves it', async (_, text) => {
    if (text !== undefined) await writeFile(file, text);
    await expect(keep(accountsOf(right).accounts)).rejects.toThrow(
      new RegExp(`^The file ${file} .*: restore it from a backup, or remove it and credentials\\.env .*\\.$`),
    );
    expect(await readFile(file, 'utf8').catch(() => undefined)).toBe(text);
  });

  test('of the environment that is not the right one: stops the start and names it', async () => {
    await expect(keep(accountsOf(right).accounts, { given: newSecretKey() })).rejects.toThrow(
      /^FRS_SECRET_KEY is not the key/,
    );
  });

  test('that opens one of several access keys is taken: others may be of a key that was given up', async () => {
    await writeFile(file, right);
    expect(await keep(accountsOf(newSecretKey(), right).accounts)).toBe(right);
  });

  test('removed together with credentials.env: a new one is made, and the old access keys are disabled', async () => {
    const { accounts, keys } = accountsOf(right, right);
    expect(await keep(accounts, { hasCredentials: false })).not.toBe(right);
    expect(keys.map(({ enabled }) => enabled)).toEqual([false, false]);
    // The next start finds no key that works, and none that doesn't open.
    await expect(keep(accounts)).resolves.toBeDefined();
  });
});
