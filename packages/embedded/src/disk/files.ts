import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Brings a folder's entries to the disk: files that were made, renamed or removed in it. Windows has no such call and
 * needs none.
 */
export async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes a folder and those above it, for its owner only; they survive a power cut. */
export async function makeFolder(dir: string): Promise<void> {
  const first = await mkdir(dir, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = dir; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Puts a file in place whole: after a power cut there is the old one or this one. For its owner only. */
export async function replaceFile(file: string, content: string): Promise<void> {
  const next = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeFile(next, content, { mode: 0o600, flag: 'wx', flush: true });
    await rename(next, file);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Removes a file, so that it is gone also after a power cut. Does nothing where it isn't there. */
export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true });
  await syncFolder(join(file, '..'));
}
