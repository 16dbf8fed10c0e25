import { FrsError } from '@openfrs/contract';
import type { RateLimits } from '../ports/rate-limits.ts';

/** Wrong passwords a minute before an account is refused to a source, and to all sources together. */
const FAILURES_PER_SOURCE = 30;
const FAILURES_PER_ACCOUNT = 150;
/** Of one source over all accounts: who tries one password with many names. */
const FAILURES_FROM_SOURCE = 300;
/** Logins in hand at a time for one account of one source: others of the account find room in the queue, which is fair by source. */
const PENDING_PER_SOURCE = 32;
const MOST_KEYS = 10_000;
const MINUTE_MS = 60_000;

/**
 * Slows the guessing of passwords down: counts failed logins a minute, by account and source, by account, and by
 * source. Only failures are written to the shared counters, so that a good login costs nothing; each instance knows the count
 * of its own last failure, and counts the logins that it has in hand.
 */
export interface LoginGuard {
  /** For refusing before the account is looked up. @throws FrsError FRS.0033 too many of this source failed in this minute */
  checkSource(source: string, now: Date): void;
  /**
   * Counts a login that is about to be tried; `end` must be called with its outcome.
   * @param account of at most some hundred characters, the same for every way to write it
   * @throws FrsError FRS.0033 too many failed in this minute, or too many are being tried
   */
  begin(account: string, source: string, now: Date): LoginAttempt;
}

export interface LoginAttempt {
  /** `succeeded`: also where the password was not looked at. */
  end(succeeded: boolean): Promise<void>;
}

interface Tally {
  minute: number;
  failures: number;
  pending: number;
}

/** `rateLimits` counts the failures of all instances; what is in hand is counted in this process. The defaults are the constants above. */
export function loginGuard(
  rateLimits: RateLimits,
  {
    perSource = FAILURES_PER_SOURCE,
    perAccount = FAILURES_PER_ACCOUNT,
    fromSource = FAILURES_FROM_SOURCE,
    pendingPerSource = PENDING_PER_SOURCE,
  } = {},
): LoginGuard {
  const tallies = new Map<string, Tally>();
  return {
    checkSource(source, now) {
      if (source === '') return;
      const { failures, pending } = tallyOf(tallies, fromSourceKey(source), minuteOf(now));
      if (failures + pending >= fromSource) throw tooManyFailures(now);
    },
    begin(account, source, now) {
      const minute = minuteOf(now);
      const limits = [
        { key: `login:${account}:${source}`, limit: perSource },
        { key: `login:${account}`, limit: perAccount },
        // An unknown source is everybody.
        ...(source === '' ? [] : [{ key: fromSourceKey(source), limit: fromSource }]),
      ].map(({ key, limit }) => ({ key, limit, tally: tallyOf(tallies, key, minute) }));
      const own = limits[0]?.tally.pending ?? 0;
      if (own >= pendingPerSource)
        throw new FrsError('FRS.0033', 'Too many logins at once.', { retryAfterSeconds: 1 });
      if (limits.some(({ tally, limit }) => tally.failures + tally.pending >= limit))
        throw tooManyFailures(now);
      for (const { tally } of limits) tally.pending += 1;
      return {
        async end(succeeded) {
          for (const { tally, key } of limits) {
            tally.pending -= 1;
            // What counts nothing needs no place: refused logins with ever new names would take all of them.
            if (succeeded && tally.pending === 0 && tally.failures === 0) tallies.delete(key);
          }
          if (succeeded) return;
          for (const { tally, key } of limits) {
            const count = (failures: number) => {
              // One that ends in a later minute was this minute's.
              if (tally.minute === minute) tally.failures = Math.max(tally.failures, failures);
            };
            count(tally.failures + 1);
            count(await rateLimits.hit(key, 'token-create', now));
          }
        },
      };
    },
  };
}

const fromSourceKey = (source: string) => `login-from:${source}`;
const minuteOf = (now: Date) => Math.floor(now.getTime() / MINUTE_MS);

/** Until the minute is over. */
function tooManyFailures(now: Date): FrsError {
  const retryAfterSeconds = Math.ceil(((minuteOf(now) + 1) * MINUTE_MS - now.getTime()) / 1000);
  return new FrsError('FRS.0033', 'Too many failed logins.', { retryAfterSeconds });
}

/** Keeps the tallies in the order of their last use: the least recently used one makes room, if nothing of it is in hand. */
function tallyOf(tallies: Map<string, Tally>, key: string, minute: number): Tally {
  const tally = tallies.get(key) ?? { minute, failures: 0, pending: 0 };
  if (tally.minute !== minute) Object.assign(tally, { minute, failures: 0 });
  tallies.delete(key);
  tallies.set(key, tally);
  if (tallies.size > MOST_KEYS) evict(tallies);
  return tally;
}

function evict(tallies: Map<string, Tally>): void {
  for (const [key, { pending }] of tallies) {
    if (pending > 0) continue;
    tallies.delete(key);
    return;
  }
}
