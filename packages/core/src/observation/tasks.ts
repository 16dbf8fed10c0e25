import { AsyncLocalStorage } from 'node:async_hooks';
import { openChannel } from './channel.ts';

/** Work that nobody's request waits for: a photo that enrols itself, a pass over all face sets, new segments, clearing away deleted sets. */
export interface ObservedTask {
  readonly name: 'enrol' | 'sweep' | 'compact' | 'purge';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

export interface TaskEnded {
  readonly task: ObservedTask;
  /** False: it failed, and is done again later. */
  readonly done: boolean;
  readonly ms: number;
}

/** New segments, or deleted sets cleared away; a pass over all sets and a photo have measures of their own. */
export const isMaintenance = ({ name }: ObservedTask): boolean => name === 'compact' || name === 'purge';

export const tasksBegun = openChannel<ObservedTask>('task-begun');
/** Those of this process, and those that its maintenance thread told of, which have no beginning here. */
export const tasksEnded = openChannel<TaskEnded>('task-ended');

const underWay = new AsyncLocalStorage<ObservedTask>();

/** The task that this code works for, whatever it has waited for. */
export const currentTask = (): ObservedTask | undefined => underWay.getStore();

/**
 * Does a task, and tells how it ended.
 * @param isDone whether what was reached is all of it
 * @throws what the work throws
 */
export async function observedTask<Result>(
  name: ObservedTask['name'],
  work: () => Promise<Result>,
  isDone: (result: Result) => boolean = () => true,
): Promise<Result> {
  const task: ObservedTask = { name, startedAt: Date.now() };
  const began = performance.now();
  const end = (done: boolean) => tasksEnded.publish({ task, done, ms: performance.now() - began });
  tasksBegun.publish(task);
  try {
    const result = await underWay.run(task, work);
    end(isDone(result));
    return result;
  } catch (error) {
    end(false);
    throw error;
  }
}
