import { parentPort, workerData } from 'node:worker_threads';
import { type CurveMarks, createVision, curveMarks } from '@openfrs/vision';
import { createLiveness } from '@openfrs/vision/liveness/index.ts';
import { createVideoDecoder } from '@openfrs/vision/video/index.ts';
import type { FromThread, Looks, ThreadSettings, ToThread } from './messages.ts';
import { packError } from './thrown.ts';

/**
 * Looks at pictures and videos, away from the thread that answers requests: onnxruntime's runs keep their thread for as
 * long as they take.
 */
const post = (message: FromThread) => parentPort?.postMessage(message);

async function start() {
  const { modelsDir, minFacePx, threads, ffmpegPath } = workerData as ThreadSettings;
  const vision = await createVision({ modelsDir, minFacePx, threads });
  const liveness = await createLiveness({
    engine: vision.engine,
    decoder: createVideoDecoder({ ffmpegPath }),
  });
  await vision.warm();
  const looks: Looks = { ...vision, ...liveness };
  return { looks, vision };
}

try {
  const { looks, vision } = await start();
  parentPort?.on('message', async ({ id, look, args }: ToThread) => {
    if (look === undefined) {
      await vision.close();
      process.exit();
    }
    try {
      const result: unknown = await Reflect.apply(looks[look], looks, args);
      post({ kind: 'done', id, result });
    } catch (error) {
      post({ kind: 'thrown', id, error: packError(error) });
    }
  });
  const { id, dimension } = vision.model;
  post({
    kind: 'ready',
    // A vision whose model isn't calibrated is not made.
    model: { id, dimension, marks: curveMarks(vision.engine.embedder) as CurveMarks },
  });
} catch (error) {
  post({ kind: 'unready', error: packError(error) });
}
