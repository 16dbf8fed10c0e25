import { createLiveness } from '@openfrs/vision/liveness/index.ts';
import { createVideoDecoder } from '@openfrs/vision/video/index.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';
import { vision } from './vision.ts';

/** Liveness looks with the same models as everything else. */
export const liveness = once('liveness', async () =>
  createLiveness({
    engine: (await vision()).engine,
    decoder: createVideoDecoder({ ffmpegPath: settings().ffmpegPath ?? null }),
  }),
);
