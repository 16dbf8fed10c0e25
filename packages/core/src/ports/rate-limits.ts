/** Counters shared by all instances. */
export interface RateLimits {
  /** Counts one request in the current minute; returns the count, this one included. */
  hit(projectId: string, operation: string, now: Date): Promise<number>;
}
