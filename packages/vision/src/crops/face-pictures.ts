import type { FaceMesh, Frame } from '../geometry/frame.ts';
import { encodeJpeg } from '../image/encode.ts';
import { cropFaces } from './crop-faces.ts';

/** Pixels a side: enough to tell who it is on a tile. */
const side = 112;
/** Bytes. */
const largest = 10_000;
/** The first that is small enough; of an ordinary face the first has some 5 kB. */
const qualities = [85, 60, 30, 10];

/** JPEGs of faces, upright and with some room about them (dlib's alignment), 112 × 112 pixels, 10 kB at most. */
export async function facePictures(frame: Frame, faces: readonly FaceMesh[]): Promise<Uint8Array[]> {
  const { crops } = await cropFaces(frame, faces, { kind: 'aligned', template: 'dlib', side });
  const bytes = side * side * 3;
  return await Promise.all(
    faces.map((_, index) => {
      const data = crops.data.subarray(index * bytes, (index + 1) * bytes);
      return smallJpeg({ width: side, height: side, data });
    }),
  );
}

async function smallJpeg(frame: Frame): Promise<Uint8Array> {
  let jpeg = new Uint8Array();
  for (const quality of qualities) {
    jpeg = new Uint8Array(await encodeJpeg(frame, quality));
    if (jpeg.length <= largest) break;
  }
  return jpeg;
}
