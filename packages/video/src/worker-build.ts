import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Built when the package was, which has no source of it. */
const published = fileURLToPath(new URL('./video-worker.cjs', import.meta.url));

/**
 * The worker as one CommonJS script, without `@ffmpeg/core`. A layer's build writes it to a file and names that
 * in FRS_VIDEO_WORKER; with the sources at hand it is built on first use (30 ms).
 */
export async function buildWorkerCode(): Promise<string> {
  if (existsSync(published)) return readFile(published, 'utf8');
  // Not a plain import: bundles of the service must not take esbuild along.
  const esbuild: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  const built = await esbuild.build({
    entryPoints: [fileURLToPath(new URL('./wasm-worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  });
  const [file] = built.outputFiles;
  if (file === undefined) throw new Error('esbuild made no worker.');
  return file.text;
}

const codes = new Map<string, Promise<string>>();

/** The worker's script, kept for the process; a failure is not. @throws Error naming the remedy */
export function workerCode(path?: string): Promise<string> {
  const key = path ?? '';
  const known = codes.get(key);
  if (known !== undefined) return known;
  const code = (path === undefined ? buildWorkerCode() : readFile(path, 'utf8')).catch((cause: unknown) => {
    codes.delete(key);
    const remedy = 'write buildWorkerCode() to a file and name it in FRS_VIDEO_WORKER';
    throw new Error(`The video worker can't be loaded: ${remedy}.`, { cause });
  });
  codes.set(key, code);
  return code;
}
