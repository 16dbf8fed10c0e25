import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

type Sample = 1 | 2 | 3 | 4 | 5 | 6;

/** Photos with faces that any machine has: those of the npm package `@vladmandic/face-api` (MIT). */
export function samplePath(number: Sample): string {
  const demo = new URL('../../node_modules/@vladmandic/face-api/demo/', import.meta.url);
  return fileURLToPath(new URL(`sample${number}.jpg`, demo));
}

export async function samplePhoto(number: Sample): Promise<Buffer> {
  return await readFile(samplePath(number));
}
