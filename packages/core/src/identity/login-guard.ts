import type { RateLimits } from '../ports/rate-limits.ts';

/** Wrong passwords a minute before an account is refused to a source, and to all sources together. */
const FAILURES_PER_SOURCE = 30;
const FAILURES_PER_ACCOUNT = 150;
/** Of one source over all accounts: who tries one password with many names. */
const FAILURES_FROM_SOURCE = 300;
const MOST_KEYS = 10_000;

/**
 * Slows the guessing of passwords down: counts failed logins a minute, by account and source, by account, and by
 * source. Only failures
 * are written to the shared counters, so that a good login costs nothing; each instance knows the count of its own last
 * failure, and counts the logins that it has in hand.
 */
export interface LoginGuard {
  /** Whether a login may be tried now; `end` must be called with its outcome. */
  begin(account: string, source: string, now: Date): { end(succeeded: boolean): Promise<void> } | undefined;
}

interface Tally {
  minute: number;
  failures: number;
  pending: number;
}

export function loginGuard(
  rateLimits: RateLimits,
  {
    perSource = FAILURES_PER_SOURCE,
    perAccount = FAILURES_PER_ACCOUNT,
    fromSource = FAILURES_FROM_SOURCE,
  } = {},
): LoginGuard {
  const tallies = new Map<string, Tally>();
  return {
    begin(account, source, now) {
      const minute = Math.floor(now.getTime() / 60_000);
      const limits = [
        { key: `login:${account}:${source}`, limit: perSource },
        { key: `login:${account}`, limit: perAccount },
        // An unknown source is everybody.
        ...(source === '' ? [] : [{ key: `login-from:${source}`, limit: fromSource }]),
      ].map(({ key, limit }) => ({ key, limit, tally: tallyOf(tallies, key, minute) }));
      if (limits.some(({ tally, limit }) => tally.failures + tally.pending >= limit)) return undefined;
      for (const { tally } of limits) tally.pending += 1;
      return {
        async end(succeeded) {
          for (const { tally } of limits) tally.pending -= 1;
          if (succeeded) return;
          for (const { tally, key } of limits) {
            tally.failures += 1;
            const shared = await rateLimits.hit(key, 'token-create', now);
            tally.failures = Math.max(tally.failures, shared);
          }
        },
      };
    },
  };
}

function tallyOf(tallies: Map<string, Tally>, key: string, minute: number): Tally {
  const held = tallies.get(key);
  if (held !== undefined && held.minute === minute) return held;
  const fresh = { minute, failures: 0, pending: 0 };
  tallies.delete(key);
  tallies.set(key, fresh);
  const [oldest] = tallies.keys();
  if (tallies.size > MOST_KEYS && oldest !== undefined) tallies.delete(oldest);
  return fresh;
}
