import type { Accounts, Domain, Project, User } from '../ports/accounts.ts';
import { IamError } from './iam-error.ts';
import type { KeyDerivation } from './key-derivation.ts';
import type { LoginGuard } from './login-guard.ts';
import type { LoginQueue } from './login-queue.ts';
import { verifyPassword } from './password.ts';
import { findDomain, type ResolvedLogin, resolveLogin } from './resolve-login.ts';
import type { SecretKeys } from './secret-keys.ts';
import { issueToken, passwordFingerprint, TOKEN_SECONDS } from './token.ts';
import { parseTokenRequest, type TokenRequest } from './token-request.ts';

export interface TokenDeps {
  readonly accounts: Accounts;
  readonly secrets: SecretKeys;
  readonly logins: LoginGuard;
  readonly loginQueue: LoginQueue;
  readonly derivation: KeyDerivation;
}

export interface LoginContext {
  /** The address it came from; empty where it isn't known. */
  readonly source: string;
  readonly now: Date;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
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
 * POST /v3/auth/tokens. `body` is the parsed JSON (`undefined` if it wasn't JSON).
 * @throws IamError 400 malformed; 401 wrong user or password, disabled, or no such scope
 * @throws FrsError FRS.0033 too many wrong passwords in this minute, or too many logins are waiting
 */
export async function createToken(
  body: unknown,
  context: LoginContext,
  deps: TokenDeps,
): Promise<CreatedToken> {
  const { now, source, signal } = context;
  const request = parseTokenRequest(body);
  deps.logins.checkSource(source, now);
  const lookUp = () => resolveLogin(request.user, deps.accounts);
  const login = await deps.loginQueue.lookUp(source, lookUp, signal);
  const isRight = await isRightPassword(request.user.password, login, context, deps);
  const { user, domain } = login;
  if (!isRight || user?.enabled !== true || domain?.enabled !== true) throw wrong();
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

/** Counted, in turn, and the same work whether there is such a user or not. @throws FrsError FRS.0033 */
async function isRightPassword(
  password: string,
  { account, user, domain }: ResolvedLogin,
  { source, now, signal }: LoginContext,
  { logins, loginQueue, derivation }: TokenDeps,
): Promise<boolean> {
  const attempt = logins.begin(account, source, now);
  const hash = () => verifyPassword(password, user?.passwordHash, derivation);
  let isRight: boolean;
  try {
    isRight = await loginQueue.run({ source, account }, hash, signal);
  } catch (error) {
    await attempt.end(true);
    throw error;
  }
  await attempt.end(isRight && user?.enabled === true && domain?.enabled === true);
  return isRight;
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
