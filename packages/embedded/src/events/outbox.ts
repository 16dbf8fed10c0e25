import type { Catalog } from '../s3/storage/catalog.ts';

/** Events handed out and not yet acknowledged, at most; the rest waits in the catalog. */
const windowSize = 64;

/**
 * Hands queued events to the process's listeners and forgets each when it is acknowledged. The events lie in the
 * catalog, written together with their object: after a crash the next run hands them out again.
 */
export class Outbox {
  readonly #catalog: Pick<Catalog, 'events' | 'removeEvent'>;
  readonly #deliver: (id: string, body: string) => void;
  readonly #inFlight = new Set<string>();
  /** Acknowledged since the last look began, which may still have seen them. */
  readonly #settled = new Set<string>();
  #pumping = false;
  #again = false;

  constructor(catalog: Pick<Catalog, 'events' | 'removeEvent'>, deliver: (id: string, body: string) => void) {
    this.#catalog = catalog;
    this.#deliver = deliver;
  }

  /** Looks for events to hand out: at the start, after a write, after an acknowledgement. */
  async pump(): Promise<void> {
    if (this.#pumping) {
      this.#again = true;
      return;
    }
    this.#pumping = true;
    try {
      do {
        this.#again = false;
        this.#settled.clear();
        for (const { id, body } of await this.#catalog.events(windowSize)) {
          if (this.#inFlight.has(id) || this.#settled.has(id)) continue;
          this.#inFlight.add(id);
          this.#deliver(id, body);
        }
      } while (this.#again);
    } finally {
      this.#pumping = false;
    }
  }

  async acknowledge(id: string): Promise<void> {
    await this.#catalog.removeEvent(id);
    this.#settled.add(id);
    this.#inFlight.delete(id);
    await this.pump();
  }
}
