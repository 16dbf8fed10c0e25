/** Which projects have been active lately. */
export interface RecentFlows {
  touch(project: string): void;
  /** Was another project than this one active within the time? */
  hasOther(project: string): boolean;
}

/** A project that was served so lately still finds a free place: longer than a client's pause between two requests. */
const activeMs = 10_000;

/** @param now milliseconds of a clock that never goes back @param keptMs how long an activity counts */
export function recentFlows(now: () => number = () => performance.now(), keptMs = activeMs): RecentFlows {
  /** In the order of their last activity. */
  const last = new Map<string, number>();
  const forget = () => {
    for (const [project, at] of last) {
      if (now() - at <= keptMs) return;
      last.delete(project);
    }
  };
  return {
    touch(project) {
      last.delete(project);
      last.set(project, now());
      forget();
    },
    hasOther(project) {
      forget();
      return last.size > (last.has(project) ? 1 : 0);
    },
  };
}
