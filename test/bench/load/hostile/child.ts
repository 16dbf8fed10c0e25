import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cpuMsOf } from '@openfrs/video';
import { prioritiseSession } from '../processes.ts';

/**
 * A TypeScript module of this folder as a process of its own, spoken to by messages, which ends with this one. In a session of its own: Linux shares cores among
 * sessions, and an honest client in the attacker's would have to wait for what that has used, as no client on another machine has to. For the same reason sessions
 * have a priority: what a client waits for a core isn't the service's delay.
 */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<never>;

  /** @param niceness of its session among all, as far as this user may say so: -20 goes first, 19 last (sched(7)) */
  constructor(module: string, niceness: number) {
    const file = fileURLToPath(new URL(module, import.meta.url));
    this.#process = fork(file, { execArgv: ['--import', 'tsx'], detached: true });
    if (this.#process.pid !== undefined) prioritiseSession(this.#process.pid, niceness);
    this.#ended = once(this.#process, 'exit').then(([code, signal]) => {
      throw new Error(`${module} ended ${signal === null ? `with code ${code}` : `by ${signal}`}`);
    });
    this.#ended.catch(() => {});
  }

  /** Milliseconds of processor time that it has used. */
  get cpuMs(): number {
    return cpuMsOf(String(this.#process.pid)) ?? 0;
  }

  tell(message: object | string): void {
    this.#process.send(message);
  }

  /** What it says next. @throws Error where it ends instead */
  async says<Message>(): Promise<Message> {
    const said = new Promise<[Message]>((resolve) => {
      this.#process.once('message', (message) => resolve([message as Message]));
    });
    const [message] = await Promise.race([said, this.#ended]);
    return message;
  }

  end(): void {
    this.#process.kill();
  }
}
