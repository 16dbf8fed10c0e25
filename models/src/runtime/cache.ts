import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { ModelEntry } from './manifest.ts';

/** @param env of an entry point: its `FRS_MODELS_DIR`; else `.models` in the project's root */
export function modelsDir(env: Readonly<Record<string, string | undefined>> = {}): string {
  return env.FRS_MODELS_DIR || fileURLToPath(new URL('../../../.models', import.meta.url));
}

export type ModelState = 'ok' | 'missing' | 'damaged';

/** Whether the file of a model is there and holds the bytes that its entry pins. */
export async function modelState(entry: ModelEntry, dir: string): Promise<ModelState> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(join(dir, entry.file), { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return 'missing';
    throw folderError(dir, 'read', error);
  }
  return hash.digest('hex') === entry.sha256 ? 'ok' : 'damaged';
}

/** Whether the file of a model is there, whatever it holds. */
export async function isModelThere(entry: ModelEntry, dir: string): Promise<boolean> {
  try {
    return (await stat(join(dir, entry.file))).isFile();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw folderError(dir, 'read', error);
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Writes a file whole or not at all: under a name of its own, synced, then renamed. Processes that start at once
 * may both write; each rename puts the same bytes in place.
 */
export async function writeWhole(dir: string, file: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dir, `.${file}.${randomUUID()}`);
  try {
    await mkdir(dir, { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(dir, file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw folderError(dir, 'written', error);
  }
}

/** One sentence for whatever the file system says about the models folder. */
export function folderError(dir: string, what: 'read' | 'written', error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
  return new Error(`The models folder ${dir} can't be ${what}${code}; set FRS_MODELS_DIR to one that can.`, {
    cause: error,
  });
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
