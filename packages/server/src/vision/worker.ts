import { collectingStages, type Stage, type StageName } from '@openfrs/core/observation';
import { createLiveness } from '@openfrs/liveness';
import { createVideoDecoder } from '@openfrs/video';
import { createVision } from '@openfrs/vision';
import { collectWhenIdle } from '../memory/idle-collection.ts';
import {
  signalAt,
  type WorkerMethods,
  type WorkerRequest,
  type WorkerResponse,
  type WorkerSettings,
} from './messages.ts';
import { serializeError } from './serialize-error.ts';

/**
 * The process that looks at pictures and videos, away from the one that answers requests: its models keep their thread for as
 * long as they take, and whatever a file makes its decoder do ends with the process.
 */
const post = (message: WorkerResponse) => process.send?.(message);

async function start({ modelsDir, minFacePx, threads, video }: WorkerSettings) {
  const vision = await createVision({ modelsDir, minFacePx, threads });
  const liveness = await createLiveness({
    pipeline: vision.pipeline,
    decoder: createVideoDecoder(video),
  });
  await vision.warm();
  const methods: WorkerMethods = { ...vision, ...liveness };
  return { methods, vision };
}

async function serve(settings: WorkerSettings, loaded: () => void): Promise<void> {
  const { methods, vision } = await start(settings);
  loaded();
  const running = new Map<number, AbortController>();
  collectWhenIdle({ isBusy: () => running.size > 0 });

  async function call({ id, method, args }: Extract<WorkerRequest, { kind: 'call' }>): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const stages = new Map<StageName, Stage>();
    try {
      const given = Object.assign(Array<unknown>(signalAt[method]).fill(undefined), args);
      const work = async () =>
        (await Reflect.apply(methods[method], methods, [...given, controller.signal])) as unknown;
      const result = await collectingStages(stages, work);
      post({ kind: 'done', id, result, stages: [...stages.values()] });
    } catch (error) {
      post({ kind: 'thrown', id, error: serializeError(error), stages: [...stages.values()] });
    } finally {
      running.delete(id);
    }
  }

  process.on('message', async (message: WorkerRequest) => {
    if (message.kind === 'call') await call(message);
    else if (message.kind === 'cancel') running.get(message.id)?.abort();
    else if (message.kind === 'close') {
      await vision.close();
      process.exit();
    }
  });
  post({ kind: 'ready', embedder: vision.pipeline.embedder });
}

/** @param loaded called once its models are there, before it takes work */
export function runWorker(loaded: () => void): void {
  // The signals of a terminal go to the parent as well: it lets requests end first, and tells this process then.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});
  // The parent is no more.
  process.on('disconnect', () => process.exit());
  process.once('message', async (first: WorkerRequest) => {
    if (first.kind !== 'start') return;
    try {
      await serve(first.settings, loaded);
    } catch (error) {
      post({ kind: 'unready', error: serializeError(error) });
      process.disconnect();
    }
  });
}
