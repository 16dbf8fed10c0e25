import type { Served } from '../served.ts';
import { times } from '../traffic.ts';
import type { Observations } from './honest.ts';
import type { Row } from './judge.ts';

/** The service's memory and the delay of its main thread, from before an attack until it is forgotten. */
export class Watch {
  readonly #served: Served;
  readonly #before: number;
  readonly #timer: NodeJS.Timeout;
  #peak: number;
  #late = 0;

  private constructor(served: Served, before: number) {
    this.#served = served;
    this.#before = this.#peak = before;
    this.#timer = setInterval(async () => {
      this.#peak = Math.max(this.#peak, await served.memory());
      const main = new Map(await served.usage()).get('main')?.late;
      this.#late = Math.max(this.#late, main?.max ?? 0);
    }, 500);
  }

  static async start(served: Served): Promise<Watch> {
    return new Watch(served, await served.memory());
  }

  /** Waits until the memory is back within 10 %, or no longer. */
  async end(seconds: number): Promise<Pick<Row, 'memory' | 'lateMs'>> {
    const ended = Date.now();
    let after = await this.#served.memory();
    let backAfter: number | undefined;
    for (;;) {
      const passed = Math.round((Date.now() - ended) / 1000);
      if (after <= this.#before * 1.1) backAfter = passed;
      if (backAfter !== undefined || passed >= seconds) break;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      after = await this.#served.memory();
    }
    clearInterval(this.#timer);
    const memory = {
      before: this.#before,
      peak: this.#peak,
      after,
      ...(backAfter !== undefined && { backAfter }),
    };
    return { memory, lateMs: this.#late };
  }
}

export function figures({ detect, lists, logins }: Observations) {
  return {
    detect: { ...times([...detect]), served: detect.length },
    lists: times([...lists]),
    logins: times([...logins]),
  };
}
