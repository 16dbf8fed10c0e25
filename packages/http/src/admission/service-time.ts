/** Of the newest piece of work in the average: the last dozen make most of it. */
const weight = 1 / 8;
/** What the average begins with: about a password's hash, or one look at a picture, on an idle core. */
const presetMs = 200;
/** A client that is told more would rather give up; by then the load is another. */
const mostSeconds = 60;

/** How long pieces of work take lately: an exponentially weighted moving average, in which the first, of models still cold, is one of many. */
export class ServiceTime {
  #averageMs = presetMs;

  /** @param ms what one took, 0 or more */
  add(ms: number): void {
    this.#averageMs += weight * (ms - this.#averageMs);
  }

  /** Milliseconds; near a preset until some have ended. */
  get meanMs(): number {
    return this.#averageMs;
  }

  /** For so many, one after the other: whole seconds, 1..60. */
  secondsFor(count: number): number {
    const seconds = Math.ceil((count * this.meanMs) / 1000);
    return Math.min(Math.max(seconds, 1), mostSeconds);
  }
}
