import { AsyncLocalStorage } from 'node:async_hooks';
import { openChannel } from './channel.ts';

/** What is done to a picture or a video, one after the other: the steps that take time. */
export type StageName =
  | 'decode'
  | 'decode-video'
  | 'detect'
  | 'mesh'
  | 'embed'
  | 'quality'
  | 'attributes'
  | 'anti-spoof';

export interface Stage {
  readonly name: StageName;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly ms: number;
}

/** Stages of this process, and those that worker processes told of. */
export const stagesEnded = openChannel<Stage>('stage-ended');

/** Who is told of the stages of the call under way. */
const collector = new AsyncLocalStorage<(stage: Stage) => void>();

/** Measures a stage, also one that fails, where anybody wants to know. */
export async function timed<Result>(name: StageName, work: () => Promise<Result>): Promise<Result> {
  if (collector.getStore() === undefined && !stagesEnded.isWatched) return await work();
  const began = performance.now();
  const startedAt = Date.now();
  try {
    return await work();
  } finally {
    endStage({ name, startedAt, ms: performance.now() - began });
  }
}

/** Tells of a stage that was measured otherwise. */
export function endStage(stage: Stage): void {
  const collect = collector.getStore();
  if (collect) collect(stage);
  else stagesEnded.publish(stage);
}

/**
 * Runs a call and keeps its stages from the channel, for processes that tell another one of them: all of a name are one, the frames of
 * a video for instance.
 */
export function collectingStages<Result>(
  stages: Map<StageName, Stage>,
  work: () => Promise<Result>,
): Promise<Result> {
  const collect = (stage: Stage) => {
    const sofar = stages.get(stage.name);
    stages.set(stage.name, sofar ? { ...sofar, ms: sofar.ms + stage.ms } : stage);
  };
  return collector.run(collect, work);
}
