type Step = () => unknown;

/** What a start has opened, to be closed in the opposite order. */
export class Shutdown {
  readonly #steps: Step[] = [];

  add(step: Step): void {
    this.#steps.push(step);
  }

  /** Does every step once, whatever becomes of the others. @throws AggregateError what steps failed with */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse())
      await Promise.resolve()
        .then(step)
        .catch((error) => errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, 'The service did not stop as a whole.');
  }
}
