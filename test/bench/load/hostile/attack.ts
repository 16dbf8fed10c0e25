import { ask, type Shot } from './ask.ts';
import { type Tally, Tallying } from './tally.ts';
import type { Target } from './target.ts';

/** What the attacker's process is told. */
export interface Order {
  readonly attack: string;
  readonly target: Target;
  /** New requests are begun for so long. */
  readonly seconds: number;
  /** A request that the service has neither answered nor closed by then is `unanswered`. */
  readonly deadlineSeconds: number;
}

export interface Attack {
  readonly name: string;
  readonly what: string;
  /** Faces that the attacker's set `large` must hold. */
  readonly faces?: number;
  /** Makes its inputs; what is returned sends them. */
  prepare(order: Order): Promise<() => Promise<Tally>>;
}

/** So many at a time, one after the other, until the time is over; then waits until the last has ended. */
export async function flood(order: Order, width: number, shot: (number: number) => Shot): Promise<Tally> {
  const tally = new Tallying();
  const until = Date.now() + order.seconds * 1000;
  let number = 0;
  const sender = async () => {
    do {
      const reply = await ask(order.target, shot(number++), order.deadlineSeconds * 1000);
      tally.add(reply);
      // Somebody who is refused at once isn't to be measured by how fast this process can be refused.
      if (reply.ms < 20) await new Promise((resolve) => setTimeout(resolve, 20 - reply.ms));
    } while (Date.now() < until);
  };
  await Promise.all(Array.from({ length: width }, sender));
  return tally.result();
}
