import type { FrsClient } from '@openfrs/client';
import type { Box } from '../terminal/box-text.ts';

/** The box of the largest face of a photo, which a search or a liveness check is about; undefined where there is none. */
export async function largestFace(api: FrsClient, image_file: Blob): Promise<Box | undefined> {
  const { faces } = await api.faceDetect({ image_file });
  const area = ({ width, height }: Box) => width * height;
  return faces.map(({ bounding_box: box }) => box).sort((one, other) => area(other) - area(one))[0];
}
