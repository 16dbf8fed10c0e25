import { availableParallelism } from 'node:os';
import type { Vision } from '@openfrs/core';
import { similarityCurve } from '@openfrs/vision/calibrate/similarity.ts';
import type { Look, Looks, ThreadSettings } from './messages.ts';
import { VisionThread } from './vision-thread.ts';

export interface PoolSettings extends Omit<ThreadSettings, 'threads'> {
  /** Threads that look at files side by side, at most; each has its own models in memory (about 200 MB). */
  readonly size?: number;
}

/** Core's ports over threads of this process. */
export interface VisionPool extends Vision, Looks {
  /** Threads that there are now. */
  readonly size: number;
  /** Gives back all models; looks under way are not answered. */
  close(): Promise<void>;
}

const cores = availableParallelism();
/** Two even on few cores: one decodes and crops while the other's models run. */
const preset = Math.min(8, Math.max(2, Math.ceil(cores / 2)));
/** The models are small: more cores make no run faster. */
const threads = Math.min(4, cores);

/**
 * Starts one thread now, and others when all are busy. A thread that fails takes its own requests with it and is replaced
 * at the next.
 * @throws Error one clear sentence where a model is missing or damaged
 */
export async function startVisionPool({ size = preset, ...settings }: PoolSettings): Promise<VisionPool> {
  const all = new Set<VisionThread>();

  function launch(): VisionThread {
    const thread = new VisionThread({ ...settings, threads });
    all.add(thread);
    // Told to whoever waits for it.
    thread.ready.catch(() => {});
    void thread.ended.then(() => all.delete(thread));
    return thread;
  }

  /** Who has the least to do; where everybody is busy, there will be one more for those who come later. */
  function next(): VisionThread {
    const [first, ...others] = [...all].filter((thread) => thread.isReady);
    // Those that are starting may be all there are, or none.
    if (first === undefined) return [...all].at(-1) ?? launch();
    const idlest = others.reduce((least, thread) => (thread.load < least.load ? thread : least), first);
    if (idlest.load > 0 && all.size < size) launch();
    return idlest;
  }

  const look =
    <Name extends Look>(name: Name) =>
    (...[file, ...more]: Parameters<Looks[Name]>) =>
      next().look(name, file, ...more);

  const { id, dimension, marks } = await launch().ready;
  return {
    model: { id, dimension, ...similarityCurve(marks) },
    detect: look('detect'),
    describe: look('describe'),
    judgeVideo: look('judgeVideo'),
    judgePhoto: look('judgePhoto'),
    reportVideo: look('reportVideo'),
    get size() {
      return all.size;
    },
    async close() {
      await Promise.all([...all].map((thread) => thread.close()));
    },
  };
}
