import type { Served } from '../served.ts';
import { times } from '../traffic.ts';
import type { Observations } from './honest.ts';
import type { Row } from './judge.ts';

/** Bytes that the indexes of sets may take in a service's memory: the preset of FRS_SEARCH_CACHE_BYTES. */
const cacheBytes = 512 * 2 ** 20;

/**
 * The service's memory and the delay of its main thread, from before an attack until it is forgotten. Where an attack has sets loaded, what the main
 * thread's buffers have grown by is theirs, as far as their cache may grow: it stays by design, and is told apart.
 */
export class Watch {
  readonly #served: Served;
  readonly #before: number;
  readonly #buffersBefore: number | undefined;
  readonly #timer: NodeJS.Timeout;
  #peak: number;
  #late = 0;

  private constructor(served: Served, before: number, buffersBefore: number | undefined) {
    this.#served = served;
    this.#buffersBefore = buffersBefore;
    this.#before = this.#peak = before;
    this.#timer = setInterval(async () => {
      this.#peak = Math.max(this.#peak, await served.memory());
      const main = new Map(await served.usage()).get('main')?.late;
      this.#late = Math.max(this.#late, main?.max ?? 0);
    }, 500);
  }

  static async start(served: Served, loadsSets: boolean): Promise<Watch> {
    return new Watch(served, await served.memory(), loadsSets ? await buffersOf(served) : undefined);
  }

  /** MB. */
  async #sets(): Promise<number | undefined> {
    if (this.#buffersBefore === undefined) return undefined;
    const grown = (await buffersOf(this.#served)) - this.#buffersBefore;
    return Math.round(Math.min(Math.max(grown, 0), cacheBytes) / 2 ** 20);
  }

  /** Waits until the memory, sets that were loaded left out, is back within 10 %, or no longer. */
  async end(seconds: number): Promise<Pick<Row, 'memory' | 'lateMs'>> {
    const ended = Date.now();
    let after = await this.#served.memory();
    let sets = await this.#sets();
    let backAfter: number | undefined;
    for (;;) {
      const passed = Math.round((Date.now() - ended) / 1000);
      if (after - (sets ?? 0) <= this.#before * 1.1) backAfter = passed;
      if (backAfter !== undefined || passed >= seconds) break;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      after = await this.#served.memory();
      sets = await this.#sets();
    }
    clearInterval(this.#timer);
    const memory = {
      before: this.#before,
      peak: this.#peak,
      after,
      ...(sets !== undefined && { sets }),
      ...(backAfter !== undefined && { backAfter }),
    };
    return { memory, lateMs: this.#late };
  }
}

/** Bytes of the main thread's buffers, WebAssembly's memories included. */
async function buffersOf(served: Served): Promise<number> {
  return new Map(await served.usage()).get('main')?.external ?? 0;
}

export function figures({ detect, lists, logins }: Observations) {
  return {
    detect: { ...times([...detect]), served: detect.length },
    lists: times([...lists]),
    logins: times([...logins]),
  };
}
