import type { Service } from '@openfrs/contract';
import type { AccountsAdmin, Quotas } from '../ports/accounts.ts';
import { AccountConflict } from './account-conflict.ts';
import { newId } from './identifiers.ts';
import type { KeyDerivation } from './key-derivation.ts';
import { type AccessKeyPair, createAccessKey } from './manage-keys.ts';
import { createProject } from './manage-projects.ts';
import { checkedName, createUser } from './manage-users.ts';
import type { SecretKeys } from './secret-keys.ts';

export interface AccountSpec {
  readonly domain: string;
  readonly user: string;
  /** Made up if left out; so is the key. */
  readonly password?: string;
  readonly accessKey?: AccessKeyPair;
  /** The region's name. */
  readonly project: string;
  readonly buckets?: readonly string[];
  readonly quotas?: Partial<Quotas>;
  readonly services?: readonly Service[];
}

/** All that a client needs; the secrets among it are shown this once. */
export interface Credentials extends AccessKeyPair {
  readonly domain: string;
  readonly domainId: string;
  readonly user: string;
  readonly userId: string;
  readonly password: string;
  readonly project: string;
  readonly projectId: string;
}

/**
 * A whole account: domain, user, project and access key. The domain is written last, and nothing works without it: if this
 * is cut off, it can be done again.
 * @throws AccountConflict the domain's name, or the given AK, is taken
 */
export async function createAccount(
  spec: AccountSpec,
  deps: {
    readonly accounts: AccountsAdmin;
    readonly secrets: SecretKeys;
    readonly derivation?: KeyDerivation;
  },
): Promise<Credentials> {
  const { accounts } = deps;
  const domain = { id: newId(), name: checkedName('domain', spec.domain), enabled: true };
  if ((await accounts.domainByName(domain.name)) !== undefined) {
    throw new AccountConflict('taken', `The domain "${domain.name}"`);
  }
  await clearLeftOver(spec.accessKey, accounts);
  const { user, password } = await createUser(domain, spec.user, spec.password, accounts, deps.derivation);
  const { project: name, buckets, quotas, services } = spec;
  const project = await createProject(
    domain,
    {
      name,
      ...(buckets === undefined ? {} : { buckets }),
      ...(quotas === undefined ? {} : { quotas }),
      ...(services === undefined ? {} : { services }),
    },
    accounts,
  );
  const pair = await createAccessKey(user, deps, spec.accessKey);
  await accounts.putDomain(domain, 'new');
  return {
    domain: domain.name,
    domainId: domain.id,
    user: user.name,
    userId: user.id,
    password,
    project: project.name,
    projectId: project.id,
    ...pair,
  };
}

/** The given key from an earlier try that was cut off: it belongs to a domain that never came to be. */
async function clearLeftOver(pair: AccessKeyPair | undefined, accounts: AccountsAdmin): Promise<void> {
  const held = pair === undefined ? undefined : await accounts.accessKey(pair.ak);
  if (held !== undefined && (await accounts.domain(held.domainId)) === undefined) {
    await accounts.removeAccessKey(held.id);
  }
}
