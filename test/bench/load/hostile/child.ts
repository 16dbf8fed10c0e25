import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * A TypeScript module of this folder as a process of its own, spoken to by messages, which ends with this one. In a session of its own: Linux shares cores among
 * sessions, and an honest client in the attacker's would have to wait for what that has used, as no client on another machine has to.
 */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<never>;

  constructor(module: string) {
    const file = fileURLToPath(new URL(module, import.meta.url));
    this.#process = fork(file, { execArgv: ['--import', 'tsx'], detached: true });
    this.#ended = once(this.#process, 'exit').then(([code]) => {
      throw new Error(`the client ended with code ${code}`);
    });
    this.#ended.catch(() => {});
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
