/**
 * A bound on something that requests hold while they run, such as bytes of memory. Who would pass it waits in line
 * until others are done.
 */
export class Budget {
  readonly #total: number;
  #held = 0;
  readonly #line: { readonly amount: number; readonly enter: () => void }[] = [];

  constructor(total: number) {
    this.#total = total;
  }

  /** Runs work that holds an amount; more than the total counts as the total. */
  async hold<Result>(amount: number, work: () => Promise<Result>): Promise<Result> {
    const share = Math.min(amount, this.#total);
    if (share > 0) await this.#enter(share);
    try {
      return await work();
    } finally {
      this.#leave(share);
    }
  }

  #enter(amount: number): Promise<void> | undefined {
    if (this.#line.length === 0 && this.#held + amount <= this.#total) {
      this.#held += amount;
      return undefined;
    }
    return new Promise((enter) => this.#line.push({ amount, enter }));
  }

  #leave(amount: number): void {
    this.#held -= amount;
    for (let next = this.#line[0]; next && this.#held + next.amount <= this.#total; next = this.#line[0]) {
      this.#line.shift();
      this.#held += next.amount;
      next.enter();
    }
  }
}
