import type { Frame } from '../geometry/frame.ts';
import { sharp } from './native-sharp.ts';

/** A JPEG file of the frame; `quality` 1..100. */
export async function encodeJpeg(frame: Frame, quality = 90): Promise<Uint8Array> {
  return sharp(frame.data, { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}
