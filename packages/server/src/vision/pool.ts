import { availableParallelism } from 'node:os';
import type { Vision } from '@openfrs/core';
import { currentFlow, FairQueue, recentFlows, type WorkMemory } from '@openfrs/http/admission';
import { embeddingsOf } from '@openfrs/vision';
import { estimatePictureMemory } from '@openfrs/vision/image';
import { type CallLimits, defaultCallLimits, endsWorkers, type Kind, kindOf } from './call-limits.ts';
import { Demand } from './demand.ts';
import { type MethodName, signalAt, type WorkerMethods, type WorkerSettings } from './messages.ts';
import { VisionWorker, WorkerLostError } from './vision-worker.ts';

export interface PoolSettings extends Omit<WorkerSettings, 'threads'> {
  /** Processes that look at files side by side, at most; each has its own models in memory (about 200 MB). */
  readonly size: number;
  /** For what pictures are decoded to; videos have one decoder a worker. */
  readonly memory: WorkMemory;
  readonly limits?: CallLimits;
  /** A worker beside the first that had nothing to do for so long is ended soon after: it gives its memory back, ms. */
  readonly spareMs?: number;
}

/** Core's ports over worker processes. */
export interface VisionPool extends Vision, WorkerMethods {
  /** Workers that there are now. */
  readonly size: number;
  /** Calls that workers have begun and not finished, those that were cancelled included. */
  readonly running: number;
  /** Gives back all models; calls under way are not answered. */
  close(): Promise<void>;
}

/** The models are small: more cores make no run faster. */
const threads = Math.min(4, availableParallelism());

/**
 * So far what answers requests goes before a worker: its thread has three quarters of a core that a thread of a worker wants too, and several do
 * at a time. Half of the workers go before the others, which look for projects that ask for more than the rest (twice as much of a core): a
 * single picture isn't slowed down by a flood as one of its many.
 */
const nicenesses = { usual: 5, background: 8 };
const isBackground = ({ niceness }: VisionWorker) => niceness === nicenesses.background;

/**
 * Starts one worker now, and others when all are busy. A worker looks at one picture and one video at a time, so that nobody's
 * picture waits behind another's in the same worker; those that have had nothing to do for a while end. Projects take turns, and while several are active none has more than half of the workers. The
 * caller of a call that is cancelled has its answer at once, its place stays taken until the worker has really finished.
 * @throws Error one clear sentence where a model is missing or damaged
 */
export async function startVisionPool({
  size,
  memory,
  limits = defaultCallLimits,
  spareMs = 30_000,
  ...settings
}: PoolSettings): Promise<VisionPool> {
  const all = new Set<VisionWorker>();
  const recent = recentFlows();
  const demand = new Demand();
  const unbounded = { running: size, waiting: Number.POSITIVE_INFINITY };
  const queues: Readonly<Record<Kind, FairQueue>> = {
    picture: new FairQueue(unbounded, recent),
    video: new FairQueue(unbounded, recent),
  };
  /** Calls whose turn it is and that no worker has begun. */
  const unplaced: Record<Kind, number> = { picture: 0, video: 0 };
  let isClosed = false;
  let waiting: (() => void)[] = [];
  /** Resolves when a worker may have become free. */
  const changed = () => new Promise<void>((resolve) => waiting.push(resolve));
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };

  function launch(): VisionWorker {
    const background = [...all].filter(isBackground).length;
    const niceness = 2 * background < all.size ? nicenesses.background : nicenesses.usual;
    const worker = new VisionWorker({ ...settings, threads }, limits, niceness);
    all.add(worker);
    // A failure is told to whoever waits for this worker.
    worker.ready.then(wake, wake);
    void worker.ended.then(() => {
      all.delete(worker);
      wake();
    });
    return worker;
  }

  /**
   * One that has the least to do; rather not one that works for others while there are others.
   * @param mayUseUsual also where the project floods others: those have a worker without waiting for its pictures, if they can come in
   */
  function free(kind: Kind, project: string, mayUseUsual: boolean): VisionWorker | undefined {
    const isShared = recent.hasOther(project);
    const cost = (worker: VisionWorker) =>
      isShared && worker.load > 0 ? (worker.worksFor(project) ? -1 : 1) : worker.load;
    const isAboveMean = demand.isAboveMean(project);
    const misfit = (worker: VisionWorker) => Number(isBackground(worker) !== isAboveMean);
    const taken = [...all].filter((worker) => worker.isBusyWith(kind)).length + unplaced[kind];
    const leavesUsual = !mayUseUsual && taken < size && isShared && demand.isFlood(project);
    return [...all]
      .filter(
        (worker) => worker.isReady && !worker.isBusyWith(kind) && (!leavesUsual || isBackground(worker)),
      )
      .sort((one, other) => cost(one) - cost(other) || misfit(one) - misfit(other))[0];
  }

  /** Ends whoever has had nothing to do for long, but for one. The first is asked first, so that the others rest where one is enough. */
  function endSpares(): void {
    const [, ...others] = [...all]
      .filter((worker) => worker.isReady)
      .sort((one, other) => one.niceness - other.niceness);
    const longAgo = performance.now() - spareMs;
    for (const worker of others) if ((worker.idleSince ?? longAgo + 1) <= longAgo) void worker.close();
  }
  /** Begins in the same moment in which the worker is found to be free. */
  async function onIdleWorker(
    method: MethodName,
    args: readonly unknown[],
    project: string,
    signal?: AbortSignal,
  ) {
    const kind = kindOf[method];
    let started: VisionWorker | undefined;
    let isPlaced = false;
    unplaced[kind] += 1;
    try {
      for (;;) {
        if (isClosed) throw new Error('The vision workers are closed.');
        signal?.throwIfAborted();
        // Where no other can be started, everybody shares those that there are.
        const isLost = started !== undefined && !all.has(started);
        const worker = free(kind, project, size === 1 || isLost);
        if (worker) {
          unplaced[kind] -= 1;
          isPlaced = true;
          return await worker.call(method, args as [Uint8Array, ...unknown[]], project, signal);
        }
        if (started === undefined && all.size < size) started = launch();
        await changed();
        if (started === undefined || all.size > 0) continue;
        await started.ready;
        started = undefined;
      }
    } finally {
      if (!isPlaced) unplaced[kind] -= 1;
    }
  }

  async function run(method: MethodName, args: readonly unknown[], project: string, signal?: AbortSignal) {
    const begin = () => onIdleWorker(method, args, project, signal);
    const onWorker = () =>
      kindOf[method] === 'picture'
        ? memory.run(project, estimatePictureMemory(args[0] as Uint8Array), begin, signal)
        : begin();
    try {
      return await onWorker().catch((error: unknown) => {
        if (error instanceof WorkerLostError) return onWorker();
        throw error;
      });
    } catch (error) {
      throw error instanceof WorkerLostError ? endsWorkers(method, error) : error;
    } finally {
      wake();
    }
  }

  const call =
    <Name extends MethodName>(name: Name) =>
    (...given: Parameters<WorkerMethods[Name]>): ReturnType<WorkerMethods[Name]> => {
      const args = given.slice(0, signalAt[name]);
      const signal = (given as readonly unknown[])[signalAt[name]] as AbortSignal | undefined;
      const flow = currentFlow() ?? { project: '', operation: name };
      demand.begin(flow.project);
      const work = queues[kindOf[name]]
        .run(flow, () => run(name, args, flow.project, signal), signal)
        .finally(() => demand.end(flow.project));
      return unlessAborted(work, signal) as ReturnType<WorkerMethods[Name]>;
    };

  const embeddings = embeddingsOf(await launch().ready);
  const looking = setInterval(endSpares, spareMs / 4);
  looking.unref();
  return {
    model: embeddings[0],
    modelOf: (id) => embeddings.find((embedding) => embedding.id === id),
    detect: call('detect'),
    describe: call('describe'),
    judgeVideo: call('judgeVideo'),
    judgePhoto: call('judgePhoto'),
    reportVideo: call('reportVideo'),
    get size() {
      return all.size;
    },
    get running() {
      return queues.picture.running + queues.video.running;
    },
    async close() {
      isClosed = true;
      clearInterval(looking);
      wake();
      await Promise.all([...all].map((worker) => worker.close()));
    },
  };
}

/** Work's result; or the signal's reason as soon as it aborts, while the work goes on to its own end. */
async function unlessAborted<Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (signal === undefined) return await work;
  work.catch(() => {});
  signal.throwIfAborted();
  const { promise, reject } = withRejection();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function withRejection() {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}
