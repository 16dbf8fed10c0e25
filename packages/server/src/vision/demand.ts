/** Time constant of the average, ms: some ten pictures, so that a pause between two of them is no end of demand. */
const averagedMs = 5000;
/** Who had so few calls on average lately is forgotten. */
const negligible = 0.01;

interface Entry {
  calls: number;
  average: number;
  at: number;
}

/** How many calls each project has at a time, running or waiting: now, and on average over the last seconds. */
export class Demand {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts a call until it has ended. */
  begin(project: string): void {
    const entry = this.#entries.get(project) ?? { calls: 0, average: 0, at: this.#now() };
    this.#update(entry);
    entry.calls += 1;
    this.#entries.set(project, entry);
  }

  end(project: string): void {
    const entry = this.#entries.get(project);
    if (entry === undefined) return;
    this.#update(entry);
    entry.calls -= 1;
  }

  /** Does the project ask for more than the mean of all that asked lately? Never, where it is the only one. */
  isAboveMean(project: string): boolean {
    let [sum, count, own] = [0, 0, 0];
    for (const [name, entry] of this.#entries) {
      this.#update(entry);
      if (entry.calls === 0 && entry.average < negligible) {
        this.#entries.delete(name);
        continue;
      }
      const asked = entry.calls + entry.average;
      if (name === project) own = asked;
      sum += asked;
      count += 1;
    }
    return own * count > sum;
  }

  /** Has it several calls at a time, and more than the others? */
  isFlood(project: string): boolean {
    return (this.#entries.get(project)?.calls ?? 0) > 1 && this.isAboveMean(project);
  }

  /** An exponentially weighted moving average over time. */
  #update(entry: Entry): void {
    const now = this.#now();
    const kept = Math.exp((entry.at - now) / averagedMs);
    entry.average = entry.average * kept + entry.calls * (1 - kept);
    entry.at = now;
  }
}
