import { liveness } from '../../../../functions/wiring/liveness.ts';
import { provide } from '../../../../functions/wiring/once.ts';
import { settings } from '../../../../functions/wiring/settings.ts';
import { vision } from '../../../../functions/wiring/vision.ts';
import { startVisionPool } from './pool.ts';

/**
 * Puts worker processes in the place of the models in this process, for all doors, until `closeAll`; resolves when they can look.
 * @throws Error one clear sentence where a model is missing or damaged
 */
export async function openVision(): Promise<void> {
  const { modelsDir, minFacePx, ffmpegPath = null } = settings();
  const pool = startVisionPool({ modelsDir, minFacePx, ffmpegPath });
  provide(vision, pool);
  provide(liveness, pool);
  await pool;
}
