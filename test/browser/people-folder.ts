import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Sharp from 'sharp';
import { photo, plainPicture } from '../support/photos.ts';
import { smallPhoto } from '../support/small-photos.ts';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

/** What `writePeople` writes: a folder a person, one photo twice, one without a face, and a table of their fields. */
const files: Readonly<Record<string, () => Buffer | string>> = {
  'ann/1.jpg': () => smallPhoto(3),
  'eve/1.jpg': () => smallPhoto(5),
  'eve/again.jpg': () => smallPhoto(5),
  '张三/1.jpg': () => smallPhoto(2),
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

interface Box {
  readonly top_left_x: number;
  readonly top_left_y: number;
  readonly width: number;
  readonly height: number;
}

/** A face of the photos that any machine has. */
export interface SampleFace {
  readonly number: 1 | 2 | 3 | 4 | 5 | 6;
  readonly box: Box;
}

const sideOfPortrait = 240;

/**
 * So many people, a folder each (`p000/1.jpg` …), small portraits of a few faces: mirrored, brighter or darker, so that no two files are alike.
 * They are as cheap to look at as portraits can be.
 */
export async function writeCrowd(folder: string, count: number, faces: readonly SampleFace[]): Promise<void> {
  const portraits = await Promise.all(faces.map(portrait));
  for (let person = 0; person < count; person++) {
    const variant = Math.floor(person / portraits.length);
    const made = sharp(portraits[person % portraits.length])
      .flop(variant % 2 === 1)
      .modulate({ brightness: 0.8 + 0.02 * variant });
    const name = `p${String(person).padStart(3, '0')}`;
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, '1.jpg'), await made.jpeg({ quality: 90 }).toBuffer());
  }
}

/** The face with as much around it on each side as it is wide. */
async function portrait({ number, box }: SampleFace): Promise<Buffer> {
  const side = Math.max(box.width, box.height) * 2;
  const grey = { r: 128, g: 128, b: 128 };
  const margin = side;
  const around = sharp(photo(number)).extend({
    top: margin,
    bottom: margin,
    left: margin,
    right: margin,
    background: grey,
  });
  const left = Math.round(margin + box.top_left_x + box.width / 2 - side / 2);
  const top = Math.round(margin + box.top_left_y + box.height / 2 - side / 2);
  return sharp(await around.png({ compressionLevel: 1 }).toBuffer())
    .extract({ left, top, width: side, height: side })
    .resize(sideOfPortrait, sideOfPortrait)
    .png()
    .toBuffer();
}
