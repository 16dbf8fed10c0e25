import { createAccount, createApiToken, type Project, type SecretKeys, type User } from '@openfrs/core';
import { quickDerivation } from '@openfrs/testing/passwords';
import type { BackupSettings } from '../src/backup/write-backup.ts';
import {
  type Backups,
  createBackups,
  createBuckets,
  createFaceSets,
  createTables,
  dynamodbAccounts,
  type StoreOptions,
} from '../src/index.ts';
import type { TestStores } from './embedded.ts';
import { face, spec } from './faces.ts';

export const mediaBucket = 'openfrs-media';

/** A service's stores with accounts, and what backs them up: tables and a bucket of these engines, named with an end of their own. */
export async function withAccounts(engines: TestStores, end = '') {
  const names = { table: `${engines.table}${end}`, bucket: `${engines.bucket}${end}` };
  const accountsTable = `openfrs-accounts${end}`;
  await createTables(engines.dynamodb, [accountsTable, names.table]);
  await createBuckets(engines.s3, [names.bucket]);
  const accounts = dynamodbAccounts(engines.dynamodb, accountsTable);
  const stores: TestStores = {
    ...engines,
    ...names,
    instance: (options) => createFaceSets({ ...engines, ...names, ...options }),
  };
  const backups = (options: Partial<StoreOptions> = {}) => createBackups({ ...stores, accounts, ...options });
  return { stores, accounts, backups };
}
export type BackedUpStores = Awaited<ReturnType<typeof withAccounts>>;

/** An account, and a set whose first and last faces were deleted. */
export async function fill({ stores, accounts }: BackedUpStores, secrets: SecretKeys) {
  const account = await createAccount(
    { domain: 'acme', user: 'ann', project: 'here', buckets: ['photos'], quotas: { faceSets: 3 } },
    { accounts, secrets, derivation: quickDerivation },
  );
  await createApiToken(
    (await accounts.user(account.userId)) as User,
    (await accounts.project(account.projectId)) as Project,
    { name: 'curl', days: 30, readOnly: true, faceSets: ['people'] },
    { accounts },
  );
  const faceSets = stores.instance();
  const set = await faceSets.create(account.projectId, spec('people'), 3);
  const faces = Array.from({ length: 30 }, (_, i) =>
    face(i, { fields: i % 2 ? { age: i, ref: 2n ** 62n + BigInt(i), score: 1e300 / 3 } : { name: '雷' } }),
  );
  const added = await faceSets.add(set, faces);
  for (const i of [0, 29]) {
    await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: added[i]?.faceId ?? '' });
  }
  await faceSets.create(account.projectId, spec('empty'), 3);
  return { account, set: await faceSets.get(account.projectId, 'people'), added };
}

/** No record of it is damaged. */
export const settings: BackupSettings = {
  openfrs: '0.1.0',
  mediaBucket,
  leftOut: ({ faceId, why }) => {
    throw new Error(`${faceId}: ${why}`);
  },
};

export async function linesOf(backups: Backups, how: Partial<BackupSettings> = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of backups.write({ ...settings, ...how })) lines.push(line.trimEnd());
  return lines;
}

export const again = (lines: readonly string[]) =>
  async function* () {
    yield* lines;
  };
