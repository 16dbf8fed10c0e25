import { FrsError } from '@openfrs/contract';
import type { Accounts, Project } from '../ports/accounts.ts';
import type { TokenUses } from '../ports/token-uses.ts';
import { isApiToken, opensApiToken, parseApiToken } from './api-token.ts';
import type { AuthRequest, Caller } from './caller.ts';
import { acceptableHosts, type HostSettings } from './hosts.ts';
import type { SecretKeys } from './secret-keys.ts';
import { isBounded, isTimely, matches, parseSignature, signedValue } from './signature.ts';
import { passwordFingerprint, readToken } from './token.ts';

export interface IdentityDeps extends HostSettings {
  /** Behind `cachedAccounts`, outside tests. */
  readonly accounts: Accounts;
  readonly secrets: SecretKeys;
  /** Told of each use of an API token, where it is kept. */
  readonly tokenUses?: Pick<TokenUses, 'note'>;
}

/**
 * Who sent this request. A token (`X-Auth-Token`) decides where there is one, whatever `Authorization` says: a request is never
 * half one caller's. What an API token's scope doesn't open is refused by who knows the operation (`permits`).
 * @throws FrsError APIG.0301 no credentials or a wrong signature; APIG.0307 a token that is garbled, forged, older than
 * 24 hours or from before a change of the password; FRS.0002 the user or its account was disabled or removed
 */
export async function authenticate(request: AuthRequest, deps: IdentityDeps): Promise<Caller> {
  const token = request.headers.get('x-auth-token')?.trim();
  if (token === undefined || token === '') return await bySignature(request, deps);
  return isApiToken(token)
    ? await byApiToken(token, request.now, deps)
    : await byToken(token, request.now, deps);
}

/**
 * The project of the path, if this caller may use it: a token's own project, or any project of the account that signed.
 * @throws FrsError FRS.0002 scoped to no project, or the project was disabled or removed; FRS.0028 another one's project
 */
export async function authorise(
  caller: Caller,
  pathProjectId: string,
  deps: { readonly accounts: Accounts },
): Promise<Project> {
  if (caller.kind === 'token' && caller.projectId === undefined) throw new FrsError('FRS.0002');
  if (caller.projectId !== undefined && caller.projectId !== pathProjectId) throw new FrsError('FRS.0028');
  const project = await deps.accounts.project(pathProjectId);
  if (project === undefined && caller.kind === 'token') throw new FrsError('FRS.0002');
  if (project === undefined || project.domainId !== caller.domainId) throw new FrsError('FRS.0028');
  if (!project.enabled) throw new FrsError('FRS.0002');
  return project;
}

async function byToken(token: string, now: Date, deps: IdentityDeps): Promise<Caller> {
  const claims = await readToken(token, deps.secrets, now);
  if (claims === undefined) throw new FrsError('APIG.0307');
  const { userId, domainId, projectId } = claims;
  const user = await activeUser(userId, domainId, deps.accounts);
  if (passwordFingerprint(user) !== claims.password) throw new FrsError('APIG.0307');
  return { kind: 'token', userId, domainId, ...(projectId === undefined ? {} : { projectId }) };
}

async function byApiToken(text: string, now: Date, deps: IdentityDeps): Promise<Caller> {
  const given = parseApiToken(text);
  const token = given && (await deps.accounts.apiToken(given.id));
  // Its id is no secret: that one is unknown may be seen by the time.
  if (token === undefined || !opensApiToken(token, given?.secret ?? '', now)) throw new FrsError('APIG.0307');
  const { id, userId, domainId, projectId, readOnly, faceSets } = token;
  await activeUser(userId, domainId, deps.accounts);
  deps.tokenUses?.note(id, now);
  const scope = { tokenId: id, readOnly, ...(faceSets && { faceSets }) };
  return { kind: 'token', userId, domainId, projectId, scope };
}

async function bySignature(request: AuthRequest, deps: IdentityDeps): Promise<Caller> {
  const { headers, rawQuery, now } = request;
  const signature = parseSignature(headers.get('authorization'));
  if (signature === undefined || !isTimely(headers.get('x-sdk-date'), now) || !isBounded(rawQuery)) {
    throw new FrsError('APIG.0301');
  }
  // Before the work and the body: an unknown key costs one cached read. An AK is no secret and too long to be guessed.
  const key = await deps.accounts.accessKey(signature.access);
  if (key?.enabled !== true) throw new FrsError('APIG.0301');
  const secret = deps.secrets.open(key.sealedSecret, key.id);
  if (!(await matches(signature, request, secret, acceptableHosts(request, deps)))) {
    throw new FrsError('APIG.0301');
  }
  await activeUser(key.userId, key.domainId, deps.accounts);
  const project = signedValue(signature, headers, 'x-project-id');
  return {
    kind: 'signature',
    userId: key.userId,
    domainId: key.domainId,
    ...(project === null || project === '' ? {} : { projectId: project }),
  };
}

async function activeUser(userId: string, domainId: string, accounts: Accounts) {
  const [user, domain] = await Promise.all([accounts.user(userId), accounts.domain(domainId)]);
  if (user?.enabled !== true || user.domainId !== domainId || domain?.enabled !== true) {
    throw new FrsError('FRS.0002');
  }
  return user;
}
