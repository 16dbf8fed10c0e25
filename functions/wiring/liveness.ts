import { createLiveness, type LocalLiveness } from '@openfrs/vision/liveness/index.ts';
import { createVideoDecoder } from '@openfrs/vision/video/index.ts';
import { models } from './models.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** Core's port, and reports for developers. */
export type Judging = Pick<LocalLiveness, 'judgeVideo' | 'judgePhoto' | 'reportVideo'>;

/** Who judges videos, with the same models as everything else. */
export const liveness = once(
  'liveness',
  async (): Promise<Judging> =>
    createLiveness({
      engine: (await models()).engine,
      decoder: createVideoDecoder({ ffmpegPath: settings().ffmpegPath ?? null }),
    }),
);
