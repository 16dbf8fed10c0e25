import type { AccountsAdmin, Domain, User } from '../ports/accounts.ts';
import type { TokenUses } from '../ports/token-uses.ts';
import { AccountConflict } from './account-conflict.ts';
import { newId, newPassword } from './identifiers.ts';
import type { KeyDerivation } from './key-derivation.ts';
import { hashPassword } from './password.ts';

const SHORTEST_PASSWORD = 8;

export interface NewUser {
  readonly user: User;
  /** Shown once; only its hash is kept. */
  readonly password: string;
}

/** @throws AccountConflict unknown */
export async function domainNamed(name: string, accounts: AccountsAdmin): Promise<Domain> {
  const domain = await accounts.domainByName(name);
  if (domain === undefined) throw new AccountConflict('missing', `The domain "${name}"`);
  return domain;
}

/** @throws AccountConflict unknown */
export async function userNamed(domain: Domain, name: string, accounts: AccountsAdmin): Promise<User> {
  const user = await accounts.userByName(domain.id, name);
  if (user === undefined)
    throw new AccountConflict('missing', `The user "${name}" of the domain "${domain.name}"`);
  return user;
}

/** A domain (account) of that name. @throws AccountConflict taken */
export async function createDomain(name: string, accounts: AccountsAdmin): Promise<Domain> {
  const domain = { id: newId(), name: checkedName('domain', name), enabled: true };
  await accounts.putDomain(domain, 'new');
  return domain;
}

/** A user of the domain; without a password one is made up. @throws AccountConflict taken */
export async function createUser(
  domain: Pick<Domain, 'id'>,
  name: string,
  password: string | undefined,
  accounts: AccountsAdmin,
  derivation?: KeyDerivation,
): Promise<NewUser> {
  const secret = checkedPassword(password ?? newPassword());
  const user = {
    id: newId(),
    domainId: domain.id,
    name: checkedName('user', name),
    enabled: true,
    passwordHash: await hashPassword(secret, derivation),
  };
  await accounts.putUser(user, 'new');
  return { user, password: secret };
}

/** Changes the password, which ends all tokens of the user; without one it is made up. */
export async function setPassword(
  user: Pick<User, 'id'>,
  password: string | undefined,
  accounts: AccountsAdmin,
  derivation?: KeyDerivation,
): Promise<NewUser> {
  const secret = checkedPassword(password ?? newPassword());
  const passwordHash = await hashPassword(secret, derivation);
  // The hash took a while: all else is the user's as it is now.
  const changed = await accounts.changeUser(user.id, (current) => ({ ...current, passwordHash }));
  return { user: changed, password: secret };
}

/** Removes a user, its access keys, its API tokens and when they were used. */
export async function removeUser(
  user: User,
  accounts: AccountsAdmin,
  tokenUses: Pick<TokenUses, 'forget'>,
): Promise<void> {
  // The user first: from then on its keys open nothing, whatever happens in between.
  await accounts.removeUser(user.id);
  for (const key of await accounts.accessKeys(user.id)) await accounts.removeAccessKey(key.id);
  const tokens = await accounts.apiTokens(user.id);
  for (const token of tokens) await accounts.removeApiToken(token.id);
  await tokenUses.forget(tokens.map(({ id }) => id));
}

/**
 * A name of a domain, user or project as given by an operator: 1–64 characters, no control characters, no white space at
 * its ends. @throws RangeError
 */
export function checkedName(what: string, name: string): string {
  if (!isName(name)) {
    throw new RangeError(`The name of a ${what} has 1 to 64 characters, none of them invisible.`);
  }
  return name.normalize('NFC');
}

/** Whether a domain, user or project can have this name. */
export function isName(text: string): boolean {
  return /^[^\p{C}\s]([^\p{C}]{0,62}[^\p{C}\s])?$/u.test(text);
}

function checkedPassword(password: string): string {
  if (password.length < SHORTEST_PASSWORD || password.length > 128) {
    throw new RangeError(`A password has ${SHORTEST_PASSWORD} to 128 characters.`);
  }
  return password;
}
