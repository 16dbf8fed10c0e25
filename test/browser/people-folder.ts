import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Sharp from 'sharp';
import { photo, plainPicture } from '../support/photos.ts';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

/** What `writePeople` writes: a folder a person, one photo twice, one without a face, and a table of their fields. */
const files: Readonly<Record<string, () => Buffer | string>> = {
  'ann/1.jpg': () => photo(3),
  'eve/1.jpg': () => photo(5),
  'eve/again.jpg': () => photo(5),
  '张三/1.jpg': () => photo(2),
  'nobody/grey.bmp': () => plainPicture(400, 400),
  'fields.csv': () => 'person,floor\nann,3\neve,4\n张三,three\nbob,1\n',
};

/** People to enrol, each in a folder. */
export async function writePeople(folder: string): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content());
  }
}

/** A photo as a phone takes it: 12 megapixels, lying on its side, with a mark that says so (EXIF orientation 6). */
export async function phonePhoto(number: 1 | 2 | 3 | 4 | 5 | 6): Promise<Buffer> {
  const upright = await sharp(photo(number)).resize(3024, 4032, { fit: 'cover' }).toBuffer();
  return sharp(upright).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 80 }).toBuffer();
}
