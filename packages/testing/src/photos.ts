import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const demo = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);

/**
 * The six photos of women that any machine has, 3 to 5 faces each. The one on the right of 1 is the one in the
 * middle of 3: they are the largest faces of both.
 */
export function photo(number: 1 | 2 | 3 | 4 | 5 | 6): Buffer {
  return readFileSync(join(demo, `sample${number}.jpg`));
}

/** A plain grey BMP: a valid picture without a face. */
export function plainPicture(width: number, height: number): Buffer {
  const row = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + row * height, 0x80);
  file.fill(0, 0, 54);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  return file;
}
