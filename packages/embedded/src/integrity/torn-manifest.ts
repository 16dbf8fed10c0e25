import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCurrent } from './check-level.ts';
import { scanLog } from './level-log.ts';

/**
 * Cuts off the torn end of a LevelDB's manifest: a change of its files that was not on the disk yet, so that the files from before it
 * are still there. The LevelDB must not be open.
 * @returns whether there was one
 * @throws Malformed it is damaged before its end
 */
export async function cutTornManifest(dir: string): Promise<boolean> {
  const file = join(dir, readCurrent(await readFile(join(dir, 'CURRENT'))));
  const { end, torn } = scanLog(await readFile(file));
  if (torn === undefined) return false;
  const manifest = await open(file, 'r+');
  try {
    await manifest.truncate(end);
    await manifest.sync();
  } finally {
    await manifest.close();
  }
  return true;
}
