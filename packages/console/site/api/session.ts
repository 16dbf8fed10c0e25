import type { SessionReport } from './operator.ts';

/** Who is signed in. Kept in this tab only (sessionStorage) and gone with it. */
export interface Session {
  readonly token: string;
  readonly project: string;
  readonly projectName: string;
  readonly user: string;
  readonly expires: string;
  /** Whether the menu offers the operator's pages; what they show is decided by the server at each request. */
  readonly isOperator?: boolean;
  /** Whether the service keeps crops of enrolled faces. */
  readonly keepsCrops?: boolean;
}

const key = 'openfrs.session';

export function savedSession(): Session | undefined {
  const text = sessionStorage.getItem(key);
  if (text === null) return undefined;
  const session = JSON.parse(text) as Session;
  return new Date(session.expires).getTime() > Date.now() ? session : undefined;
}

export function saveSession(session: Session | undefined): void {
  if (session === undefined) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify(session));
}

export interface SignIn {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly project: string;
}

/** Asks for a token as every client does. @throws Error with the service's own words */
export async function signIn({ domain, user, password, project }: SignIn): Promise<Session> {
  const identity = {
    methods: ['password'],
    password: { user: { name: user, password, domain: { name: domain } } },
  };
  const answer = await fetch('v3/auth/tokens', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project: { name: project } } } }),
  });
  const body = (await answer.json()) as {
    error?: { message: string };
    token?: { expires_at: string; project?: { id: string; name: string } };
  };
  const token = answer.headers.get('X-Subject-Token');
  if (!body.token?.project || token === null) throw new Error(body.error?.message ?? `HTTP ${answer.status}`);
  return {
    token,
    project: body.token.project.id,
    projectName: body.token.project.name,
    user: `${domain}/${user}`,
    expires: body.token.expires_at,
    ...(await readReport(token)),
  };
}

/** Nothing where the deployment doesn't offer it. */
async function readReport(token: string): Promise<Partial<SessionReport>> {
  try {
    const answer = await fetch('console/session', { headers: { 'X-Auth-Token': token } });
    return answer.ok ? ((await answer.json()) as SessionReport) : {};
  } catch {
    return {};
  }
}
