import { FrsApiError } from '../error.ts';
import type { Authority, Login } from './types.ts';

interface Fetched {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly renewAt: number;
}

/** A token is renewed so long before it ends that a request under way never meets its end. */
const marginMs = 5 * 60_000;

/** A user's token for one project: fetched at the first request, shared by all, renewed in time. */
export function tokenOf(
  login: Login,
  projectId: string,
  post: (path: string, json: string) => Promise<Response>,
  now: () => number = Date.now,
): Authority {
  let current: Promise<Fetched> | undefined;
  const fetched = async (): Promise<Fetched> => {
    const answer = await post('/v3/auth/tokens', JSON.stringify(requestOf(login, projectId)));
    const token = answer.headers.get('X-Subject-Token');
    const body = (await answer.json().catch(() => ({}))) as {
      token?: { expires_at?: string };
      error?: { message?: string };
    };
    if (answer.status !== 201 || token === null) {
      const message = body.error?.message ?? `The token was refused with HTTP ${answer.status}.`;
      throw new FrsApiError('IAM', message, answer.status, answer.headers.get('X-Request-Id') ?? undefined);
    }
    return { token, renewAt: Date.parse(body.token?.expires_at ?? '') - marginMs };
  };
  const start = (): Promise<Fetched> => {
    const fetching = fetched();
    current = fetching;
    fetching.catch(() => {
      // The next request tries again.
      if (current === fetching) current = undefined;
    });
    return fetching;
  };
  return {
    async headersFor() {
      const fetching = current ?? start();
      const held = await fetching;
      if (held.renewAt > now()) return { 'X-Auth-Token': held.token };
      // The first request that meets the end of a token fetches a new one, for all.
      const { token } = await (current === fetching || current === undefined ? start() : current);
      return { 'X-Auth-Token': token };
    },
    renew() {
      current = undefined;
      return true;
    },
  };
}

function requestOf({ domain, user, password }: Login, projectId: string): object {
  const person = { name: user, password, domain: { name: domain } };
  return {
    auth: {
      identity: { methods: ['password'], password: { user: person } },
      scope: { project: { id: projectId } },
    },
  };
}
