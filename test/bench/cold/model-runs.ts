import { join } from 'node:path';
import type { OperationName } from '@openfrs/contract';
import { createLiveness } from '@openfrs/liveness';
import { createVision } from '@openfrs/vision';
import { clip, picture } from '../lambda/calls.ts';
import type { BareRun } from './bare-function.ts';

/** What an operation's answer to the bench's call takes of the models and of sharp. */
export interface ModelWork {
  readonly pictures: number;
  readonly runs: readonly BareRun[];
}

/**
 * The pictures that each operation decodes and the models that it runs, recorded here; operations that look at nothing are absent.
 * @param modelsDir where the models lie here
 * @param opt where they lie for the functions
 */
export async function modelWork(modelsDir: string, opt: string): Promise<Map<OperationName, ModelWork>> {
  const vision = await createVision({ modelsDir });
  const { pipeline } = vision;
  const liveness = await createLiveness({ pipeline });
  const { sessions, registry } = pipeline;
  const { run } = sessions;
  const video = clip();
  try {
    const record = async (pictures: number, job: () => Promise<unknown>): Promise<ModelWork> => {
      const runs: BareRun[] = [];
      sessions.run = (id, pixels) => {
        const file = join(opt, String(registry.files.get(id)?.path).split('/').at(-1) ?? '');
        runs.push({ file, dims: [pixels.count, pixels.height, pixels.width, 3] });
        return run(id, pixels);
      };
      await job();
      return { pictures, runs };
    };
    const describe = () => vision.describe(picture, { faces: 'largest' });
    const described = await record(1, describe);
    return new Map<OperationName, ModelWork>([
      ['face-detect', await record(1, () => vision.detect(picture))],
      ['face-compare', { pictures: 2, runs: [...described.runs, ...described.runs] }],
      ['face-add', described],
      ['face-search', described],
      ['live-detect-face', await record(1, () => liveness.judgePhoto(picture))],
      ...(video === undefined
        ? []
        : ([
            [
              'live-detect',
              await record(0, () => liveness.judgeVideo(video, { actions: [1], nodThreshold: 10 })),
            ],
          ] as const)),
    ]);
  } finally {
    sessions.run = run;
    await vision.close();
  }
}
