import type { Candidate } from '../detection/nms.ts';
import { type Decoder, outputOf } from './decoder.ts';

const strides = [8, 16, 32] as const;

/** YuNet: score = √(cls · obj), centre = (cell + b[0:2]) · stride, size = exp(b[2:4]) · stride (OpenCV, FaceDetectorYN). */
export const decodeYunet: Decoder<Candidate[]> = (outputs, { pixels, threshold }) => {
  const found: Candidate[][] = Array.from({ length: pixels.count }, () => []);
  for (const stride of strides) {
    const classes = outputOf(outputs, `cls_${stride}`);
    const objects = outputOf(outputs, `obj_${stride}`);
    const boxes = outputOf(outputs, `bbox_${stride}`);
    const columns = pixels.width / stride;
    const cells = classes.length / pixels.count;
    for (let row = 0; row < classes.length; row += 1) {
      const score = Math.sqrt((classes[row] as number) * (objects[row] as number));
      if (!(score >= threshold)) continue;
      const cell = row % cells;
      const centreX = ((cell % columns) + (boxes[row * 4] as number)) * stride;
      const centreY = (Math.floor(cell / columns) + (boxes[row * 4 + 1] as number)) * stride;
      const width = Math.exp(boxes[row * 4 + 2] as number) * stride;
      const height = Math.exp(boxes[row * 4 + 3] as number) * stride;
      const box = { x: centreX - width / 2, y: centreY - height / 2, width, height, score };
      found[Math.floor(row / cells)]?.push(box);
    }
  }
  return found;
};
