import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A TypeScript module of this folder as a process of its own, spoken to by messages. */
export class Child {
  readonly #process: ChildProcess;

  constructor(module: string) {
    const file = fileURLToPath(new URL(module, import.meta.url));
    this.#process = fork(file, { execArgv: ['--import', 'tsx'] });
  }

  tell(message: object | string): void {
    this.#process.send(message);
  }

  /** What it says next. @throws Error where it ends instead */
  async says<Message>(): Promise<Message> {
    const ended = once(this.#process, 'exit').then(([code]) => {
      throw new Error(`the client ended with code ${code}`);
    });
    ended.catch(() => {});
    const [message] = await Promise.race([once(this.#process, 'message'), ended]);
    return message as Message;
  }

  end(): void {
    this.#process.kill();
  }
}
