/** Who is told of a change: what the stores of this tab have in common. */
export class Listeners<Event = void> {
  readonly #all = new Set<(event: Event) => void>();

  /** @returns what ends it */
  add(listener: (event: Event) => void): () => void {
    this.#all.add(listener);
    return () => void this.#all.delete(listener);
  }

  tell(event: Event): void {
    for (const listener of this.#all) listener(event);
  }
}
