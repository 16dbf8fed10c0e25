import type { AccessKey, AccountsAdmin, User } from '../ports/accounts.ts';
import { AccountConflict } from './account-conflict.ts';
import { newAccessKeyId, newSecret } from './identifiers.ts';
import type { SecretKeys } from './secret-keys.ts';

/** An access key with its secret in the clear: shown once, kept sealed. */
export interface AccessKeyPair {
  readonly ak: string;
  readonly sk: string;
}

/** A key pair nobody has yet. */
export const newAccessKeyPair = (): AccessKeyPair => ({ ak: newAccessKeyId(), sk: newSecret() });

interface KeyDeps {
  readonly accounts: AccountsAdmin;
  readonly secrets: SecretKeys;
}

/** A new access key of the user. @throws AccountConflict taken (where `pair` is given) */
export async function createAccessKey(
  user: Pick<User, 'id' | 'domainId'>,
  { accounts, secrets }: KeyDeps,
  pair = newAccessKeyPair(),
): Promise<AccessKeyPair> {
  await accounts.putAccessKey(
    {
      id: pair.ak,
      userId: user.id,
      domainId: user.domainId,
      enabled: true,
      sealedSecret: secrets.seal(pair.sk, pair.ak),
    },
    'new',
  );
  return pair;
}

/** A new key for the owner of `old`, which is disabled. */
export async function rotateAccessKey(old: AccessKey, deps: KeyDeps): Promise<AccessKeyPair> {
  const pair = await createAccessKey({ id: old.userId, domainId: old.domainId }, deps);
  await deps.accounts.changeAccessKey(old.id, (key) => ({ ...key, enabled: false }));
  return pair;
}

/** Seals a key's secret under the first of FRS_SECRET_KEY's keys, so that an older one can be retired. */
export async function resealAccessKey(
  { id }: Pick<AccessKey, 'id'>,
  { accounts, secrets }: KeyDeps,
): Promise<void> {
  await accounts.changeAccessKey(id, (key) => ({
    ...key,
    sealedSecret: secrets.seal(secrets.open(key.sealedSecret, id), id),
  }));
}

/** @throws AccountConflict unknown */
export async function accessKeyOf(id: string, accounts: AccountsAdmin): Promise<AccessKey> {
  const key = await accounts.accessKey(id);
  if (key === undefined) throw new AccountConflict('missing', `The access key "${id}"`);
  return key;
}
