import type { FaceAngle, Frame } from '../frame.ts';
import { sharp } from './native-sharp.ts';

/** The frame at another size; the aspect may change. */
export async function resized(frame: Frame, width: number, height: number): Promise<Frame> {
  if (width === frame.width && height === frame.height) return frame;
  const data = await sharp(frame.data, { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { width, height, data };
}

/** The frame turned counterclockwise, so that a face turned clockwise by `angle` stands upright. */
export async function turned(frame: Frame, angle: FaceAngle): Promise<Frame> {
  if (angle === 0) return frame;
  const data = await sharp(frame.data, { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .rotate(360 - angle)
    .raw()
    .toBuffer();
  const sideways = angle !== 180;
  return {
    width: sideways ? frame.height : frame.width,
    height: sideways ? frame.width : frame.height,
    data,
  };
}

/** The frame with a border of `margin` pixels in middle grey on each side. */
export async function bordered(frame: Frame, margin: number): Promise<Frame> {
  const data = await sharp(frame.data, { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .extend({ top: margin, bottom: margin, left: margin, right: margin, background: '#7f7f7f' })
    .raw()
    .toBuffer();
  return { width: frame.width + 2 * margin, height: frame.height + 2 * margin, data };
}
