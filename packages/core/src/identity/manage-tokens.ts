import { faceSetNamePattern } from '@openfrs/contract';
import type { AccountsAdmin, ApiToken, Project, User } from '../ports/accounts.ts';
import type { TokenUses } from '../ports/token-uses.ts';
import { AccountConflict } from './account-conflict.ts';
import { hashApiToken, newApiTokenSecret, parseApiToken } from './api-token.ts';
import { checkedName } from './manage-users.ts';

const dayMs = 24 * 3_600_000;
/** Ten years: an operator who wants one that never ends has to say so every ten years. */
const MOST_DAYS = 3650;
/** DynamoDB's items are small; a token of more sets is one of all. */
const MOST_SETS = 100;

export interface ApiTokenSpec {
  readonly name: string;
  readonly days: number;
  readonly readOnly: boolean;
  /** None: all of the project. */
  readonly faceSets: readonly string[];
}

export interface NewApiToken {
  readonly token: ApiToken;
  /** For X-Auth-Token. Shown once; only its hash is kept. */
  readonly text: string;
}

/**
 * A token of a user for a project of the same domain.
 * @throws RangeError the days, the name or a set's name can't be; the user and the project are not of one domain
 */
export async function createApiToken(
  user: User,
  project: Project,
  { name, days, readOnly, faceSets }: ApiTokenSpec,
  { accounts, now = new Date() }: { readonly accounts: AccountsAdmin; readonly now?: Date },
): Promise<NewApiToken> {
  if (project.domainId !== user.domainId)
    throw new RangeError('The project is of another domain than the user.');
  if (!(Number.isSafeInteger(days) && days >= 1 && days <= MOST_DAYS))
    throw new RangeError(`A token lasts for 1 to ${MOST_DAYS} days.`);
  const wrong = faceSets.find((set) => !faceSetNamePattern.test(set));
  if (wrong !== undefined) throw new RangeError(`"${wrong}" can't be the name of a face set.`);
  if (faceSets.length > MOST_SETS) throw new RangeError(`A token names ${MOST_SETS} face sets at most.`);
  const { id, secret, text } = newApiTokenSecret();
  const token: ApiToken = {
    id,
    name: checkedName('token', name),
    userId: user.id,
    domainId: user.domainId,
    projectId: project.id,
    secretHash: hashApiToken(secret),
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + days * dayMs).toISOString(),
    readOnly,
    ...(faceSets.length > 0 && { faceSets }),
  };
  await accounts.putApiToken(token, 'new');
  return { token, text };
}

/** By its id, or by all of its text as it was found somewhere. @throws AccountConflict unknown */
export async function apiTokenOf(idOrText: string, accounts: AccountsAdmin): Promise<ApiToken> {
  const id = parseApiToken(idOrText)?.id ?? idOrText;
  const token = await accounts.apiToken(id);
  // What was given may be a secret: it is not repeated.
  if (token === undefined) throw new AccountConflict('missing', 'This token');
  return token;
}

/** Ends a token; when it was used is forgotten, too. */
export async function revokeApiToken(
  { id }: ApiToken,
  accounts: AccountsAdmin,
  tokenUses: Pick<TokenUses, 'forget'>,
): Promise<void> {
  await accounts.removeApiToken(id);
  await tokenUses.forget([id]);
}
