import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createShare, type ProcessorShare } from './processor-share.ts';

export interface FunctionConfig {
  readonly name: string;
  /** Folder of the unzipped code.zip. */
  readonly code: string;
  /** `functions/face-detect.handler` → `bundle.handler` in SST's zips. */
  readonly handler: string;
  readonly memoryMb: number;
  /** The processor time that its instances get, in processors; absent: all there is. */
  readonly processors?: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Folder where the layers lie, as `/opt`. */
  readonly opt: string;
}

interface Invocation {
  readonly event: unknown;
  readonly done: (result: InvocationResult) => void;
}

export type InvocationResult =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: string };

/**
 * One instance of a function: a process of Node 24 running SST's own runtime loop against this Lambda Runtime
 * API (2018-06-01). Like Lambda it handles one invocation at a time and is killed when one outlasts its limit.
 */
export class LambdaInstance {
  readonly #config: FunctionConfig;
  readonly #node: string;
  readonly #runtime: string;
  #server: Server | undefined;
  #child: ChildProcess | undefined;
  #share: ProcessorShare | undefined;
  #waiting: ServerResponse | undefined;
  #queue: Invocation[] = [];
  #running = new Map<string, Invocation>();
  #output = '';
  #ended = false;
  #startedAt = 0;
  #initMs: number | undefined;
  #deliveredAt = 0;
  #invocationMs = 0;

  constructor(config: FunctionConfig, node: string, runtime: string) {
    this.#config = config;
    this.#node = node;
    this.#runtime = runtime;
  }

  get busy(): boolean {
    return this.#running.size + this.#queue.length > 0;
  }

  /** Its process has ended: by itself after a quiet minute, or killed. */
  get ended(): boolean {
    return this.#ended;
  }

  /** From the start of its process until it asked for its first invocation; undefined until then. */
  get initMs(): number | undefined {
    return this.#initMs;
  }

  /** How long its last invocation took: what Lambda bills beside the init. */
  get invocationMs(): number {
    return this.#invocationMs;
  }

  /** The most memory that its process has had, in megabytes. */
  get peakMegabytes(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'latin1');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  /** Processor time that its process has taken so far, in milliseconds. */
  get processorMs(): number {
    const process = `/proc/${this.#child?.pid}`;
    // Of the threads there are, in nanoseconds.
    const threads = readdirSync(`${process}/task`).map((thread) =>
      Number(readFileSync(`${process}/task/${thread}/schedstat`, 'latin1').split(' ')[0]),
    );
    const running = threads.reduce((total, nanoseconds) => total + nanoseconds, 0) / 1e6;
    // And of those that have ended, too, to 10 ms. Behind the name in brackets: the 12th and the 13th field are ticks in user and in
    // system mode, 100 a second.
    const stat = readFileSync(`${process}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const all = (Number(fields[11]) + Number(fields[12])) * 10;
    return all - running > 20 ? all : running;
  }

  /** What the function has written: its structured logs. */
  get output(): string {
    return this.#output;
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((ready) => this.#server?.listen(0, '127.0.0.1', ready));
    const { port } = this.#server.address() as AddressInfo;
    this.#startedAt = performance.now();
    const { name, processors } = this.#config;
    if (processors !== undefined) this.#share = createShare(`${name}-${randomUUID()}`, processors);
    const program = [this.#node, this.#runtime, this.#config.handler];
    // A shell moves itself into its group and then becomes the function's process.
    const [file = '', ...args] =
      this.#share === undefined
        ? program
        : ['sh', '-c', 'echo $$ > "$0" && exec "$@"', this.#share.procs, ...program];
    this.#child = spawn(file, args, {
      cwd: this.#config.code,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: '/tmp',
        ...this.#config.environment,
        NODE_PATH: `${this.#config.opt}/nodejs/node_modules`,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
        AWS_LAMBDA_FUNCTION_NAME: this.#config.name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(this.#config.memoryMb),
        LAMBDA_TASK_ROOT: this.#config.code,
      },
    });
    const keep = (chunk: Buffer) => {
      this.#output += chunk.toString();
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#child.on('exit', (code) => {
      this.#ended = true;
      this.#share?.remove();
      this.#fail(`the function's process ended with ${code}\n${this.#output.slice(-2000)}`);
    });
  }

  invoke(event: unknown): Promise<InvocationResult> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.kill(`Task timed out after ${this.#config.timeoutSeconds} seconds`);
      }, this.#config.timeoutSeconds * 1000);
      const done = (result: InvocationResult) => {
        clearTimeout(timer);
        resolve(result);
      };
      this.#queue.push({ event, done });
      this.#deliver();
    });
  }

  /** Ends it in the middle of whatever it does. */
  kill(reason: string): void {
    this.#ended = true;
    this.#fail(reason);
    this.#child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    const child = this.#child;
    child?.removeAllListeners('exit');
    if (this.#share !== undefined && child?.exitCode === null && child.signalCode === null) {
      child.once('exit', () => this.#share?.remove());
    }
    child?.kill('SIGKILL');
    this.#server?.closeAllConnections();
    await new Promise((closed) => this.#server?.close(closed));
  }

  #fail(error: string): void {
    for (const invocation of [...this.#running.values(), ...this.#queue])
      invocation.done({ ok: false, error });
    this.#running.clear();
    this.#queue = [];
  }

  #deliver(): void {
    const response = this.#waiting;
    const invocation = response && this.#queue.shift();
    if (!response || !invocation) return;
    this.#waiting = undefined;
    const id = randomUUID();
    this.#running.set(id, invocation);
    this.#deliveredAt = performance.now();
    response.setHeader('Lambda-Runtime-Aws-Request-Id', id);
    response.setHeader('Lambda-Runtime-Deadline-Ms', String(Date.now() + this.#config.timeoutSeconds * 1000));
    response.setHeader(
      'Lambda-Runtime-Invoked-Function-Arn',
      `arn:aws:lambda:us-east-1:123456789012:function:${this.#config.name}`,
    );
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(invocation.event));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/2018-06-01/runtime', '');
    if (path === '/invocation/next') {
      this.#initMs ??= performance.now() - this.#startedAt;
      this.#waiting = response;
      this.#deliver();
      return;
    }
    const answeredAt = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    response.statusCode = 202;
    response.end('{}');
    const [, id, kind] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const invocation = this.#running.get(id ?? '');
    if (invocation === undefined) {
      if (path === '/init/error') this.#fail(body);
      return;
    }
    this.#running.delete(id as string);
    this.#invocationMs = answeredAt - this.#deliveredAt;
    if (kind === 'error') invocation.done({ ok: false, error: body });
    else invocation.done({ ok: true, payload: body === '' ? undefined : JSON.parse(body) });
  }
}
