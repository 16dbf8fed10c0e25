import {
  type AccessKeyPair,
  type AccountsAdmin,
  createAccessKey,
  createAccount,
  createProject,
  createUser,
  type Domain,
  type KeyDerivation,
  newAccessKeyId,
  newPassword,
  newSecret,
  type Project,
  type SecretKeys,
  setOperator,
  setPassword,
  verifyPassword,
} from '@openfrs/core';

export interface AccountNames {
  readonly domain: string;
  readonly user: string;
  /** The project's name: a region's. */
  readonly project: string;
  readonly bucket: string;
}

/** The secrets of the developer's account; they are in `credentials.env` before the account is made. */
export interface AccountSecrets extends AccessKeyPair {
  readonly password: string;
}

interface Deps {
  readonly accounts: AccountsAdmin;
  readonly secrets: SecretKeys;
  readonly derivation: KeyDerivation;
}

/** New secrets where an earlier start left none. */
export function secretsOr(kept: Partial<AccountSecrets>): AccountSecrets {
  const { password, ak, sk } = kept;
  const pair = ak && sk ? { ak, sk } : { ak: newAccessKeyId(), sk: newSecret() };
  return { password: password || newPassword(), ...pair };
}

/**
 * Makes the developer's account at the first start. Later it sees to it that what `credentials.env` says still works:
 * a lost file means a new password and a new key, a start that was cut off is finished. Returns the project's id.
 */
export async function developerAccount(
  names: AccountNames,
  secrets: AccountSecrets,
  deps: Deps,
): Promise<string> {
  const domain = await deps.accounts.domainByName(names.domain);
  if (domain === undefined) {
    const { password, ak, sk } = secrets;
    const created = await createAccount(
      {
        domain: names.domain,
        user: names.user,
        password,
        accessKey: { ak, sk },
        project: names.project,
        buckets: [names.bucket],
      },
      deps,
    );
    // Only here: what a start finds it gives no right. Who reads `credentials.env` has the stores anyhow.
    await setOperator({ id: created.userId }, true, deps.accounts);
    return created.projectId;
  }
  await repairUser(domain, names.user, secrets, deps);
  return (await ensureProject(domain, names, deps.accounts)).id;
}

async function repairUser(domain: Domain, name: string, secrets: AccountSecrets, deps: Deps): Promise<void> {
  const { accounts, derivation } = deps;
  const found = await accounts.userByName(domain.id, name);
  const user = found ?? (await createUser(domain, name, secrets.password, accounts, derivation)).user;
  if (found && !(await verifyPassword(secrets.password, found.passwordHash, derivation))) {
    await setPassword(found, secrets.password, accounts, derivation);
  }
  if ((await accounts.accessKey(secrets.ak)) === undefined) {
    await createAccessKey(user, deps, { ak: secrets.ak, sk: secrets.sk });
  }
}

/** The project of that name; another region's name makes another project. */
async function ensureProject(domain: Domain, names: AccountNames, accounts: AccountsAdmin): Promise<Project> {
  const found = (await accounts.projects(domain.id)).find(({ name }) => name === names.project);
  return found ?? createProject(domain, { name: names.project, buckets: [names.bucket] }, accounts);
}
