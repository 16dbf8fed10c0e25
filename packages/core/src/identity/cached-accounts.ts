import type { Accounts } from '../ports/accounts.ts';

/** Short: an operator who changes something wants to see it; a busy instance still reads ten times less. */
export const accountsAgeMs = 1000;
const CAPACITY = 5000;

interface Entry {
  readonly expires: number;
  /** When it is read again in the background, so that a steady stream of requests never waits for it. */
  renewAt: number;
  readonly value: Promise<unknown>;
}

/**
 * Accounts behind a small cache, so that a request costs no reads of its own. A change (a disabled user or key, a frozen
 * project, a new quota) is seen by every instance after `ttlMs` at most. Bounded: the oldest of `capacity` entries goes first.
 */
export function cachedAccounts(
  accounts: Accounts,
  { ttlMs = accountsAgeMs, capacity = CAPACITY, clock = Date.now } = {},
): Accounts {
  const entries = new Map<string, Entry>();
  function cached<T>(kind: string, load: (...key: string[]) => Promise<T>) {
    return (...key: string[]): Promise<T> => {
      const name = JSON.stringify([kind, ...key]);
      const now = clock();
      const keep = (value: Promise<T>): Entry => {
        const entry = { expires: now + ttlMs, renewAt: now + ttlMs / 2, value };
        entries.delete(name);
        entries.set(name, entry);
        return entry;
      };
      const held = entries.get(name);
      if (held !== undefined && held.expires > now) {
        if (held.renewAt <= now) {
          held.renewAt = Number.POSITIVE_INFINITY;
          const value = load(...key);
          value.then(
            () => entries.get(name) === held && keep(value),
            // The one held is good until its time is over.
            () => undefined,
          );
        }
        return held.value as Promise<T>;
      }
      const value = load(...key);
      const entry = keep(value);
      const [oldest] = entries.keys();
      if (entries.size > capacity && oldest !== undefined) entries.delete(oldest);
      // A failed read isn't kept: the next request tries again.
      value.catch(() => entries.get(name) === entry && entries.delete(name));
      return value;
    };
  }
  return {
    domainByName: cached('domainByName', (name) => accounts.domainByName(name as string)),
    domain: cached('domain', (id) => accounts.domain(id as string)),
    userByName: cached('userByName', (domainId, name) =>
      accounts.userByName(domainId as string, name as string),
    ),
    user: cached('user', (id) => accounts.user(id as string)),
    project: cached('project', (id) => accounts.project(id as string)),
    projects: cached('projects', (domainId) => accounts.projects(domainId as string)),
    accessKey: cached('accessKey', (id) => accounts.accessKey(id as string)),
    apiToken: cached('apiToken', (id) => accounts.apiToken(id as string)),
  };
}
