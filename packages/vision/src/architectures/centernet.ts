import { type Decoder, outputOf, rowsOf } from './decoder.ts';

/** CenterNet: each label's largest score anywhere in the picture, [0, 1]. */
export const decodeCenterNet: Decoder<Float32Array> = (outputs, { pixels }) =>
  rowsOf(outputOf(outputs, 'classes'), pixels.count);
