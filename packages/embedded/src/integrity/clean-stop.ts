import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFile, replaceFile } from '../disk/files.ts';

/** Sizes of the logs and manifests of the stores' LevelDBs, by path in the data folder: as a stop left them that went well. */
export type CleanStop = ReadonlyMap<string, number>;

const name = 'closed.json';
const growing = /^(\d+\.log|MANIFEST-\d+)$/;

/**
 * Notes that nothing was left half written, once the stores are closed: what is found cut off after that is damage, and not what a
 * power cut leaves.
 */
export async function noteCleanStop(dir: string, levels: readonly string[]): Promise<void> {
  const sizes: Record<string, number> = {};
  for (const level of levels) {
    for (const file of (await readdir(join(dir, level))).filter((each) => growing.test(each))) {
      sizes[join(level, file)] = (await stat(join(dir, level, file))).size;
    }
  }
  await replaceFile(join(dir, name), `${JSON.stringify({ sizes })}\n`);
}

/** Before the stores are written to again. */
export const forgetCleanStop = (dir: string): Promise<void> => removeFile(join(dir, name));

/** Undefined where the last stop was none, or its note can't be read: then more is taken for what a power cut leaves. */
export async function cleanStop(dir: string): Promise<CleanStop | undefined> {
  try {
    const { sizes } = JSON.parse(await readFile(join(dir, name), 'utf8')) as { sizes?: unknown };
    const entries = Object.entries(sizes as Record<string, unknown>);
    return entries.every(([, size]) => typeof size === 'number')
      ? new Map(entries as [string, number][])
      : undefined;
  } catch {
    return undefined;
  }
}
