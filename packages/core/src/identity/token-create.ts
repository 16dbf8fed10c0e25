import { FrsError } from '@openfrs/contract';
import type { Accounts, Domain, Project, User } from '../ports/accounts.ts';
import { IamError } from './iam-error.ts';
import type { LoginGuard } from './login-guard.ts';
import { verifyPassword } from './password.ts';
import type { SecretKeys } from './secret-keys.ts';
import { issueToken, passwordFingerprint, TOKEN_SECONDS } from './token.ts';
import { type Named, parseTokenRequest, type TokenRequest } from './token-request.ts';

export interface TokenDeps {
  readonly accounts: Accounts;
  readonly secrets: SecretKeys;
  readonly logins: LoginGuard;
}

export interface CreatedToken {
  /** For the header X-Subject-Token. */
  readonly token: string;
  /** Keystone v3's token body. */
  readonly body: { readonly token: Readonly<Record<string, unknown>> };
}

/** Every user of an account may do everything in it; this is IAM's name for that. */
const roles = [{ id: '0', name: 'te_admin' }];

const wrong = () => new IamError(401, 'The username or password is wrong.');

/**
 * POST /v3/auth/tokens. `body` is the parsed JSON (`undefined` if it wasn't JSON), `source` where the request came from.
 * @throws IamError 400 malformed; 401 wrong user or password, disabled, or no such scope
 * @throws FrsError FRS.0033 too many wrong passwords in this minute
 */
export async function createToken(
  body: unknown,
  { source, now }: { readonly source: string; readonly now: Date },
  deps: TokenDeps,
): Promise<CreatedToken> {
  const request = parseTokenRequest(body);
  const login = deps.logins.begin(accountName(request.user), source, now);
  if (login === undefined) throw new FrsError('FRS.0033', 'Too many failed logins.');
  const { user, domain } = await checkPassword(request.user, deps.accounts).then(
    async (found) => {
      await login.end(found !== undefined);
      if (found === undefined) throw wrong();
      return found;
    },
    async (error: unknown) => {
      await login.end(true);
      throw error;
    },
  );
  const project = await projectInScope(request, user, domain, deps.accounts);
  const password = passwordFingerprint(user);
  const claims = { userId: user.id, domainId: domain.id, password };
  const scope = project === undefined ? {} : { projectId: project.id };
  return {
    token: await issueToken({ ...claims, ...scope }, deps.secrets, now),
    body: { token: tokenBody(request, user, domain, project, now) },
  };
}

function tokenBody(
  request: TokenRequest,
  user: User,
  domain: Domain,
  project: Project | undefined,
  now: Date,
): Record<string, unknown> {
  const account = { id: domain.id, name: domain.name };
  const scope =
    project !== undefined
      ? { project: { id: project.id, name: project.name, domain: account } }
      : request.scope !== undefined
        ? { domain: account }
        : {};
  return {
    expires_at: instant(new Date(now.getTime() + TOKEN_SECONDS * 1000)),
    issued_at: instant(now),
    methods: ['password'],
    catalog: [],
    roles,
    ...scope,
    user: { id: user.id, name: user.name, domain: account, password_expires_at: '' },
  };
}

/** IAM's form of a time: microseconds. Whole seconds, as the token itself counts them. */
function instant(time: Date): string {
  return `${time.toISOString().slice(0, 19)}.000000Z`;
}

function accountName(user: TokenRequest['user']): string {
  return 'id' in user ? user.id : JSON.stringify([user.domain, user.name]);
}

async function checkPassword(
  login: TokenRequest['user'],
  accounts: Accounts,
): Promise<{ user: User; domain: Domain } | undefined> {
  const user = await findUser(login, accounts);
  const domain = user === undefined ? undefined : await accounts.domain(user.domainId);
  const right = await verifyPassword(login.password, user?.passwordHash);
  if (!right || user?.enabled !== true || domain?.enabled !== true) return undefined;
  return { user, domain };
}

async function findUser(login: TokenRequest['user'], accounts: Accounts): Promise<User | undefined> {
  if ('id' in login) return await accounts.user(login.id);
  const domain = await findDomain(login.domain, accounts);
  return domain === undefined ? undefined : await accounts.userByName(domain.id, login.name);
}

async function findDomain(domain: Named, accounts: Accounts): Promise<Domain | undefined> {
  return 'id' in domain ? await accounts.domain(domain.id) : await accounts.domainByName(domain.name);
}

async function projectInScope(
  { scope }: TokenRequest,
  user: User,
  domain: Domain,
  accounts: Accounts,
): Promise<Project | undefined> {
  if (scope === undefined) return undefined;
  const owner = 'domain' in scope && scope.domain !== undefined ? scope.domain : undefined;
  const named = 'project' in scope ? (scope.project.domain ?? owner) : owner;
  if (named !== undefined && (await findDomain(named, accounts))?.id !== domain.id) {
    throw new IamError(401, 'The scope is not of the account of the user.');
  }
  if (!('project' in scope)) return undefined;
  const { project } = scope;
  const projects = await accounts.projects(user.domainId);
  const found = projects.find((each) =>
    'id' in project ? each.id === project.id : each.name === project.name,
  );
  if (found?.enabled !== true)
    throw new IamError(401, 'The project of the scope does not exist or is disabled.');
  return found;
}
