/** Of the newest piece of work in the average: the last dozen make most of it. */
const weight = 1 / 8;
/** What the average begins with: about a password's hash, or one look at a picture, on an idle core. */
const presetMs = 200;
/** A client that is told more would rather give up; by then the load is another. */
const mostSeconds = 60;

/**
 * How long pieces of work take lately: an exponentially weighted moving average. Work that began before the first had ended may
 * have waited for models to load: it counts as one of many to the preset, and no more once other work was measured.
 */
export class ServiceTime {
  #averageMs = presetMs;
  /** When the first had ended. */
  #warmAt: number | undefined;
  #measured = 0;

  /** @param begun @param ended milliseconds of one clock that never goes back */
  add(begun: number, ended: number): void {
    const isWarm = this.#warmAt !== undefined && begun >= this.#warmAt;
    this.#warmAt ??= ended;
    if (isWarm) this.#measured += 1;
    // The mean of all while they are few, so that the preset has no part in it.
    const share = isWarm ? Math.max(weight, 1 / this.#measured) : weight;
    if (isWarm || this.#measured === 0) this.#averageMs += share * (ended - begun - this.#averageMs);
  }

  /** Milliseconds; near a preset until one has ended that began after another. */
  get meanMs(): number {
    return this.#averageMs;
  }

  /** For so many, one after the other: whole seconds, 1..60. */
  secondsFor(count: number): number {
    const seconds = Math.ceil((count * this.meanMs) / 1000);
    return Math.min(Math.max(seconds, 1), mostSeconds);
  }
}
