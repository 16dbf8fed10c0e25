import { photo } from '@openfrs/testing/photos';
import { decodePicture, encodeJpeg, resized } from '@openfrs/vision/image';

const WIDTH = 800;

const made = new Map<number, Buffer>();
for (const number of [1, 2, 3, 4, 5, 6] as const) {
  const frame = await decodePicture(photo(number));
  const height = Math.round((WIDTH * frame.height) / frame.width);
  made.set(number, Buffer.from(await encodeJpeg(await resized(frame, WIDTH, height))));
}

/** `photo(number)`, 800 pixels wide: looked at in less than half the time, and its largest face is the photo's. */
export const smallPhoto: typeof photo = (number) => made.get(number) as Buffer;
