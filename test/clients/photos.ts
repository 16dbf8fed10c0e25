import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A photo with faces, of those in the npm package `@vladmandic/face-api` (MIT). */
export async function samplePhoto(number: 1 | 2 | 3 | 4 | 5 | 6): Promise<Buffer> {
  const demo = new URL('../../node_modules/@vladmandic/face-api/demo/', import.meta.url);
  return await readFile(fileURLToPath(new URL(`sample${number}.jpg`, demo)));
}
