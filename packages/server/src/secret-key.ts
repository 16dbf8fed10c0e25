import { type AccountsAdmin, newSecretKey, secretKeys } from '@openfrs/core';
import { StartupError } from '@openfrs/embedded';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** Where the key is, and what was sealed with it. */
export interface SecretKeyPlace {
  readonly file: string;
  /** FRS_SECRET_KEY as it is set; empty where it isn't. */
  readonly given: string;
  readonly accounts: AccountsAdmin;
  /** The developer's file is there: with it gone, too, a new key is what is wanted. */
  readonly hasCredentials: boolean;
}

/**
 * FRS_SECRET_KEY, kept in a file of the data folder from the first start on: without it no stored SK can be opened and no token
 * verified. With both this file and `credentials.env` gone a new one is made, and the access keys of the old one are disabled.
 * @throws StartupError the key is lost, damaged, or not the one that the access keys were sealed with
 */
export async function keptSecretKey(place: SecretKeyPlace): Promise<string> {
  const { file, given, accounts, hasCredentials } = place;
  const kept = given !== '' ? given : await readKey(place);
  if (kept !== undefined) {
    await checkOpens(kept, place);
    return kept;
  }
  if ((await accounts.domains()).length > 0) {
    if (hasCredentials) throw lost(place, 'is missing');
    await disableAccessKeys(accounts);
  }
  const key = newSecretKey();
  await writePrivateFile(file, `${key}\n`);
  return key;
}

async function readKey(place: SecretKeyPlace): Promise<string | undefined> {
  const text = await readPrivateFile(place.file).catch((error: NodeJS.ErrnoException) => {
    throw lost(place, `can't be read (${error.code})`);
  });
  if (text === undefined) return undefined;
  try {
    secretKeys(text);
    return text.trim();
  } catch {
    throw lost(place, 'holds no key (32 bytes in Base64)');
  }
}

/** At least one of the keys that work must open: an old one of many may have been sealed with a key that is gone for good. */
async function checkOpens(key: string, place: SecretKeyPlace): Promise<void> {
  if (!(await opensAny(key, place.accounts)))
    throw lost(place, 'is not the key that the stored access keys were sealed with');
}

/** FRS_SECRET_KEY of a service on engines. @throws Error one sentence: it is missing or malformed */
export function checkKeyText(key: string): void {
  if (key === '') {
    throw new StartupError('FRS_SECRET_KEY must be set: 32 bytes in Base64 (openssl rand -base64 32).');
  }
  secretKeys(key);
}

/** @throws StartupError FRS_SECRET_KEY is not of these accounts */
export async function checkSecretKey(key: string, accounts: AccountsAdmin): Promise<void> {
  if (!(await opensAny(key, accounts))) {
    throw new StartupError(
      'FRS_SECRET_KEY is not the key that the stored access keys were sealed with: set the one that the accounts were made with.',
    );
  }
}

/** False where there are keys, and it opens none. */
async function opensAny(key: string, accounts: AccountsAdmin): Promise<boolean> {
  const secrets = secretKeys(key);
  let isEmpty = true;
  for await (const { sealedSecret, id } of accessKeys(accounts)) {
    try {
      secrets.open(sealedSecret, id);
      return true;
    } catch {
      isEmpty = false;
    }
  }
  return isEmpty;
}

async function disableAccessKeys(accounts: AccountsAdmin): Promise<void> {
  for await (const { id } of accessKeys(accounts)) {
    await accounts.changeAccessKey(id, (key) => ({ ...key, enabled: false }));
  }
}

/** Those that work. */
async function* accessKeys(accounts: AccountsAdmin) {
  for (const { id } of await accounts.domains()) {
    for (const user of await accounts.users(id)) {
      for (const key of await accounts.accessKeys(user.id)) if (key.enabled) yield key;
    }
  }
}

function lost({ file, given }: SecretKeyPlace, problem: string): StartupError {
  const what = given === '' ? `The file ${file}` : 'FRS_SECRET_KEY';
  const reset =
    given === ''
      ? `remove it and credentials.env beside it to disable all access keys and start with new ones`
      : 'unset it to use the one in the data folder';
  return new StartupError(`${what} ${problem}: restore it from a backup, or ${reset}.`);
}
