import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeWhole } from '@openfrs/console/build';
import { photo } from '@openfrs/testing/photos';

const WIDTH = 800;
const numbers = [1, 2, 3, 4, 5, 6] as const;

/** Made once for a checkout: by this file, of these photos. */
const edition = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
for (const number of numbers) edition.update(photo(number));
const folder = fileURLToPath(
  new URL(`../../node_modules/.cache/openfrs-small-photos/${edition.digest('hex')}`, import.meta.url),
);
const fileOf = (parent: string, number: (typeof numbers)[number]) => join(parent, `sample${number}.jpg`);

if (!existsSync(folder)) {
  const { decodePicture, encodeJpeg, resized } = await import('@openfrs/vision/image');
  await makeWhole(folder, async (empty) => {
    for (const number of numbers) {
      const frame = await decodePicture(photo(number));
      const height = Math.round((WIDTH * frame.height) / frame.width);
      await writeFile(fileOf(empty, number), await encodeJpeg(await resized(frame, WIDTH, height)));
    }
  });
}
const made = new Map(numbers.map((number) => [number, readFileSync(fileOf(folder, number))]));

/** `photo(number)`, 800 pixels wide: looked at in less than half the time, and its largest face is the photo's. */
export const smallPhoto: typeof photo = (number) => made.get(number) as Buffer;

/** Where it lies. */
export const smallPhotoPath = (number: Parameters<typeof photo>[0]): string => fileOf(folder, number);
