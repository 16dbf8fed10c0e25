import { AsyncResource } from 'node:async_hooks';
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stagesEnded, workerRestarts } from '@openfrs/core/observation';
import type { ModelEntry } from '@openfrs/models';
import { cpuMsOf } from '@openfrs/video';
import { type CallLimits, type Kind, kindOf, tooMuchTime } from './call-limits.ts';
import type { MethodName, WorkerRequest, WorkerResponse, WorkerSettings } from './messages.ts';
import { deserializeError } from './serialize-error.ts';
import { workerMemory } from './worker-memory.ts';

/** The worker ended under a call, whoever is to blame for it: another worker may take the call. */
export class WorkerLostError extends Error {
  constructor(options?: ErrorOptions) {
    super('The vision worker ended under this call.', options);
    this.name = 'WorkerLostError';
  }
}

interface Running {
  readonly method: MethodName;
  readonly project: string;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  /** In the context of who called: traces tell whose they are. */
  publishStages(stages: AnsweredMessage['stages']): void;
  usedMs: number;
  /** Set when it was cancelled. */
  cancelled?: { readonly reason: unknown; readonly usedMs: number; readonly at: number };
}

type AnsweredMessage = Extract<WorkerResponse, { id: number }>;

const program = fileURLToPath(new URL('./worker.mjs', import.meta.url));

/** A worker that is in the middle of a model's run takes less. */
const closeMs = 5000;

/** One process that looks at pictures and videos, one of each at a time, from this side. */
export class VisionWorker {
  readonly #child: ChildProcess;
  readonly #limits: CallLimits;
  readonly #running = new Map<number, Running>();
  readonly #ended: Promise<void>;
  /** Rejects where the worker can't start, with one clear sentence. */
  readonly ready: Promise<ModelEntry>;
  /** 1..19: so far threads of normal priority, which answer requests, go before its own. */
  readonly niceness: number;
  #state: 'starting' | 'ready' | 'ending' = 'starting';
  #watch: NodeJS.Timeout | undefined;
  #clock = 0;
  #calls = 0;
  #isTerminated = false;
  #idleSince = performance.now();

  constructor(settings: WorkerSettings, limits: CallLimits, niceness: number) {
    this.#limits = limits;
    this.niceness = niceness;
    const child = fork(program, [String(niceness)], {
      execArgv: [],
      env: { ...process.env, ...workerMemory },
      // Files and vectors as what they are.
      serialization: 'advanced',
    });
    this.#child = child;
    let cause: unknown;
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', (error) => {
        cause = error;
        // A process that never was has no exit.
        if (child.pid === undefined) resolve();
      });
    });
    this.ready = new Promise((resolve, reject) => {
      child.on('message', (message: WorkerResponse) => {
        if (message.kind === 'ready') {
          if (this.#state === 'starting') this.#state = 'ready';
          this.#idleSince = performance.now();
          resolve(message.embedder);
        } else if (message.kind === 'unready') reject(deserializeError(message.error));
        else this.#answered(message);
      });
      void this.#ended.then(() =>
        reject(new Error('The vision worker ended before it was ready.', { cause })),
      );
    });
    void this.#ended.then(() => this.#lose(cause));
    this.send({ kind: 'start', settings });
  }

  /** Its process; undefined where none could be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Calls that it has not answered yet. */
  get load(): number {
    return this.#running.size;
  }

  /** Since when it has had nothing to do, by `performance.now()`; undefined while it has. */
  get idleSince(): number | undefined {
    return this.isReady && this.load === 0 ? this.#idleSince : undefined;
  }

  isBusyWith(kind: Kind): boolean {
    return [...this.#running.values()].some(({ method }) => kindOf[method] === kind);
  }

  worksFor(project: string): boolean {
    return [...this.#running.values()].some((running) => running.project === project);
  }

  /** Resolves when the process is no more, whatever ended it. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /**
   * Sends a copy of the file. Settles when the worker has finished with it: one
   * that was cancelled ends at its next check, or with the worker.
   * @param more the arguments between the file and the signal
   * @throws FrsError FRS.0016, FRS.0701 it needs too much processor time; WorkerLostError
   */
  call(
    method: MethodName,
    [file, ...more]: readonly [Uint8Array, ...unknown[]],
    project: string,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const id = this.#calls++;
    const publishStages = AsyncResource.bind((stages: AnsweredMessage['stages']) => {
      for (const stage of stages) stagesEnded.publish(stage);
    });
    const answer = new Promise((resolve, reject) => {
      this.#running.set(id, { method, project, resolve, reject, publishStages, usedMs: 0 });
    });
    this.send({ kind: 'call', id, method, args: [file, ...more] });
    this.#startWatch();
    const cancel = () => this.#cancel(id, signal?.reason);
    signal?.addEventListener('abort', cancel, { once: true });
    return answer.finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Lets it give back its models and end; what is under way is not answered. */
  async close(): Promise<void> {
    await this.ready.catch(() => {});
    this.#state = 'ending';
    this.send({ kind: 'close' });
    const overdue = setTimeout(() => this.#terminate(), closeMs);
    await this.#ended;
    clearTimeout(overdue);
  }

  /** To a process that has ended nothing is sent: what it had to do is lost with it. */
  send(message: WorkerRequest): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #answered(message: AnsweredMessage): void {
    const running = this.#running.get(message.id);
    if (running === undefined) return;
    this.#running.delete(message.id);
    this.#stopWatch();
    const { cancelled, resolve, reject } = running;
    running.publishStages(message.stages);
    if (message.kind === 'done') resolve(message.result);
    else reject(cancelled ? cancelled.reason : deserializeError(message.error));
  }

  #cancel(id: number, reason: unknown): void {
    const running = this.#running.get(id);
    if (running === undefined || running.cancelled !== undefined) return;
    running.cancelled = { reason, usedMs: running.usedMs, at: performance.now() };
    this.send({ kind: 'cancel', id });
  }

  #startWatch(): void {
    if (this.#watch !== undefined) return;
    this.#clock = this.#processorMs();
    this.#watch = setInterval(() => this.#check(), this.#limits.everyMs);
    this.#watch.unref();
  }

  #stopWatch(): void {
    if (this.#running.size > 0) return;
    this.#idleSince = performance.now();
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  /** What the process has used since the last reading is of all its calls alike. */
  #check(): void {
    const now = this.#processorMs();
    const used = (now - this.#clock) / this.#running.size;
    this.#clock = now;
    const { processorMs, graceMs, graceWallMs } = this.#limits;
    for (const [id, running] of this.#running) {
      running.usedMs += used;
      const { method, usedMs, cancelled } = running;
      if (cancelled === undefined) {
        if (usedMs > processorMs[kindOf[method]]) this.#cancel(id, tooMuchTime(method));
      } else if (usedMs - cancelled.usedMs > graceMs || performance.now() - cancelled.at > graceWallMs) {
        this.#terminate();
      }
    }
  }

  #processorMs(): number {
    return cpuMsOf(String(this.pid)) ?? performance.now();
  }

  #terminate(): void {
    if (this.#isTerminated) return;
    this.#isTerminated = true;
    this.#state = 'ending';
    this.#child.kill('SIGKILL');
  }

  #lose(cause: unknown): void {
    if (this.#state === 'ready' || this.#isTerminated) workerRestarts.publish({ worker: 'vision' });
    this.#state = 'ending';
    for (const { cancelled, reject } of this.#running.values()) {
      reject(cancelled ? cancelled.reason : new WorkerLostError({ cause }));
    }
    this.#running.clear();
    this.#stopWatch();
  }
}
