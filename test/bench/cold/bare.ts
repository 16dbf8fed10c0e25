import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Operation } from '@openfrs/contract';
import { build } from 'esbuild';
import type { FunctionConfig } from '../../cloud/lambda/instance.ts';

/** SST's own, which makes `require` for what is CommonJS. */
const banner =
  "import { createRequire as topLevelCreateRequire } from 'module'; const require = topLevelCreateRequire(import.meta.url);";

/**
 * The function that bare-function.ts is for one operation, bundled as ours are, with the environment and the layers of the operation's own.
 * @param folder where its bundle goes
 */
export async function bareFunction(
  { name, needs }: Operation,
  own: FunctionConfig,
  folder: string,
): Promise<FunctionConfig> {
  const code = join(folder, name);
  await mkdir(code, { recursive: true });
  const uses = {
    dynamodb: true,
    forms: needs.includes('uploads'),
    models: needs.includes('vision'),
    passwords: needs.includes('passwords'),
    video: needs.includes('video'),
  };
  await build({
    entryPoints: [fileURLToPath(new URL('./bare-function.ts', import.meta.url))],
    outfile: join(code, 'bundle.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'esnext',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: false,
    external: ['sharp', 'onnxruntime-node', '@ffmpeg/core'],
    banner: { js: banner },
    define: Object.fromEntries(Object.entries(uses).map(([key, value]) => [`uses.${key}`, String(value)])),
    logLevel: 'error',
  });
  return { ...own, name: `bare-${name}`, code, handler: 'bundle.handler' };
}
