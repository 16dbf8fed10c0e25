import {
  AccountConflict,
  type AccountsAdmin,
  accessKeyOf,
  apiTokenOf,
  changeProject,
  createAccessKey,
  createAccount,
  createUser,
  type KeyDerivation,
  revokeApiToken,
  type SecretKeys,
  setPassword,
  type TokenUses,
  type User,
} from '@openfrs/core';
import * as z from 'zod';
import { readParameters } from '../parameters.ts';

export interface AccountPorts {
  /** As stored, not from a cache: what was just changed is read. */
  readonly accounts: AccountsAdmin;
  readonly secrets: SecretKeys;
  readonly tokenUses: TokenUses;
  readonly derivation: KeyDerivation;
}

interface Changed {
  readonly answer: object;
  /** For the audit log: ids of what was changed, or made. */
  readonly target: Readonly<Record<string, string>>;
}

/** @throws FrsError FRS.0012, AccountConflict, RangeError */
type Change = (body: unknown, ports: AccountPorts) => Promise<Changed>;

function change<Schema extends z.ZodType>(
  schema: Schema,
  run: (given: z.output<Schema>, ports: AccountPorts) => Promise<object>,
): Change {
  return async (body, ports) => {
    const given = readParameters(schema, body);
    const answer = await run(given, ports);
    return { answer, target: idsOf({ ...(given as object), ...answer }) };
  };
}

/** Those of a change that was made, so that they are ids and nothing that somebody took for one. */
function idsOf(changed: object): Record<string, string> {
  const target: Record<string, string> = {};
  for (const [name, value] of Object.entries(changed)) {
    const logged = loggedIds[name as keyof typeof loggedIds];
    if (logged !== undefined && typeof value === 'string') target[logged] = value;
  }
  return target;
}

/** What is an id among what changes take and answer, and its name in the log. A token may be given as all of its text: `id` isn't. */
const loggedIds = {
  domainId: 'domain_id',
  userId: 'user_id',
  projectId: 'project_id',
  tokenId: 'token_id',
  ak: 'ak',
} as const;

const text = z.string().min(1).max(200);
const quota = z.int().nonnegative().optional();

/**
 * What an operator changes in the console, by the end of its path. Secrets are in an answer once, and nowhere later. What can't be
 * taken back (removing users and domains) and the operator's right itself are left to the command line.
 */
export const accountChanges: Readonly<Record<string, Change>> = {
  'account-create': change(
    z.strictObject({ domain: text, user: text, project: text }),
    async (spec, { accounts, secrets, derivation }) => {
      const made = await createAccount(spec, { accounts, secrets, derivation });
      const { domainId, password, ak, sk, projectId } = made;
      return { domainId, projectId, password, ak, sk };
    },
  ),
  'user-create': change(
    z.strictObject({ domainId: text, name: text }),
    async ({ domainId, name }, { accounts, derivation }) => {
      const domain = await accounts.domain(domainId);
      if (domain === undefined) throw new AccountConflict('missing', 'The domain');
      const { user, password } = await createUser(domain, name, undefined, accounts, derivation);
      return { userId: user.id, password };
    },
  ),
  'user-password': change(z.strictObject({ userId: text }), async ({ userId }, { accounts, derivation }) => {
    const user = notAnOperator(await userOf(userId, accounts));
    const { password } = await setPassword(user, undefined, accounts, derivation);
    return { password };
  }),
  'user-enable': change(
    z.strictObject({ userId: text, enabled: z.boolean() }),
    async ({ userId, enabled }, { accounts }) => {
      const { id } = await userOf(userId, accounts);
      await accounts.changeUser(id, (user) => ({ ...notAnOperator(user), enabled }));
      return { enabled };
    },
  ),
  'key-create': change(z.strictObject({ userId: text }), async ({ userId }, { accounts, secrets }) => {
    const { ak, sk } = await createAccessKey(await userOf(userId, accounts), { accounts, secrets });
    return { ak, sk };
  }),
  'key-enable': change(
    z.strictObject({ ak: text, enabled: z.boolean() }),
    async ({ ak, enabled }, { accounts }) => {
      await accounts.changeAccessKey((await accessKeyOf(ak, accounts)).id, (key) => ({ ...key, enabled }));
      return { enabled };
    },
  ),
  'key-delete': change(z.strictObject({ ak: text }), async ({ ak }, { accounts }) => {
    await accounts.removeAccessKey((await accessKeyOf(ak, accounts)).id);
    return {};
  }),
  'token-revoke': change(z.strictObject({ id: text }), async ({ id }, { accounts, tokenUses }) => {
    const token = await apiTokenOf(id, accounts);
    await revokeApiToken(token, accounts, tokenUses);
    return { tokenId: token.id };
  }),
  'project-change': change(
    z.strictObject({
      projectId: text,
      frozen: z.boolean().optional(),
      quotas: z
        .strictObject({ faceSets: quota, faceSetCapacity: quota, requestsPerMinute: quota })
        .optional(),
    }),
    async ({ projectId, frozen, quotas }, { accounts }) => {
      const project = await accounts.project(projectId);
      if (project === undefined) throw new AccountConflict('missing', 'The project');
      const given = Object.entries(quotas ?? {}).filter(([, value]) => value !== undefined);
      const changed = await changeProject(
        project,
        (current) => ({
          ...(frozen !== undefined && { frozen }),
          quotas: { ...current.quotas, ...Object.fromEntries(given) },
        }),
        accounts,
      );
      return { frozen: changed.frozen, quotas: changed.quotas };
    },
  ),
};

/**
 * Whoever is shut out or loses the right comes back neither by their own hand nor by another operator's password.
 * @throws RangeError it's an operator
 */
function notAnOperator(user: User): User {
  if (user.isOperator) throw new RangeError('Operators are changed with the command line only.');
  return user;
}

async function userOf(id: string, accounts: AccountsAdmin): Promise<User> {
  const user = await accounts.user(id);
  if (user === undefined) throw new AccountConflict('missing', 'The user');
  return user;
}
