import { once } from './once.ts';
import { settings } from './settings.ts';
import { vision } from './vision.ts';

/** Liveness looks with the same models as everything else. */
export const liveness = once('liveness', async () => {
  const { createLiveness } = await import('@openfrs/vision');
  const { ffmpegPath } = settings();
  return createLiveness({ engine: (await vision()).engine, ffmpegPath });
});
