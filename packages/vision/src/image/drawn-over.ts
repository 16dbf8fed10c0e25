import type { Frame } from '../geometry/frame.ts';
import { sharp } from './native-sharp.ts';

/**
 * A JPEG file of the frame with a drawing over it.
 * @param svg of the frame's size in pixels; its text is in a font of the machine, and is missing where there is none
 * @param longest the longer side of the answer in pixels, at most; that of the frame if absent
 */
export async function drawnOver(
  { data, width, height }: Frame,
  svg: string,
  longest?: number,
): Promise<Uint8Array> {
  const drawn = sharp(data, { raw: { width, height, channels: 3 } }).composite([{ input: Buffer.from(svg) }]);
  if (longest === undefined || longest >= Math.max(width, height))
    return drawn.jpeg({ quality: 90 }).toBuffer();
  // sharp makes smaller before it draws: two passes.
  return sharp(await drawn.png({ compressionLevel: 1 }).toBuffer())
    .resize(longest, longest, { fit: 'inside' })
    .jpeg({ quality: 90 })
    .toBuffer();
}
