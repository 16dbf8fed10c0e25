import { floatTensor, node, type OnnxModel, UINT8, value } from '../onnx/model.ts';

/** What a network wants of a pixel: `(channel − mean) · scale`, its channels in this order. */
export interface PixelFormat {
  readonly order: 'rgb' | 'bgr' | 'gray';
  /** One number a channel of `order`, in 0..255. */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/** The weights of R, G and B in each channel; grey is ITU-R BT.601's luma, as OpenCV's RGB2GRAY has it. */
const MIX = {
  rgb: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  bgr: [
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ],
  gray: [[0.299, 0.587, 0.114]],
} as const;

export const PIXELS = 'pixels';

/**
 * Gives a model the input all our models share: `pixels`, uint8 RGB [batch, height, width, 3], as image decoders
 * deliver them. Transpose, colour order, mean and scale happen in the graph (one 1 × 1 convolution), so that no
 * caller loops over pixels. `size` is [height, width]; a name leaves it free.
 */
export function acceptPixels(
  model: OnnxModel,
  format: PixelFormat,
  size: readonly (number | string)[],
): void {
  const { graph } = model;
  const initializers = new Set(graph.initializer.map((t) => t.name));
  const inputs = graph.input.filter((v) => !initializers.has(v.name));
  const input = inputs[0]?.name;
  if (inputs.length !== 1 || !input) throw new Error('a model with one input is expected');
  const mix = MIX[format.order];
  if (format.mean.length !== mix.length || format.scale.length !== mix.length) {
    throw new Error(`${format.order} takes ${mix.length} numbers as mean and scale`);
  }
  const scale = (channel: number) => format.scale[channel] as number;
  const weights = Float32Array.from(mix.flatMap((row, c) => row.map((w) => w * scale(c))));
  const bias = Float32Array.from(format.mean, (mean, c) => -mean * scale(c));
  graph.initializer.push(
    floatTensor('pixels/weights', [mix.length, 3, 1, 1], weights),
    floatTensor('pixels/bias', [mix.length], bias),
  );
  graph.node.unshift(
    node('Transpose', [PIXELS], ['pixels/nchw'], { perm: [0, 3, 1, 2] }),
    node('Cast', ['pixels/nchw'], ['pixels/float'], { to: 1 }),
    node('Conv', ['pixels/float', 'pixels/weights', 'pixels/bias'], [input], { kernel_shape: [1, 1] }),
  );
  graph.input = [value(PIXELS, UINT8, ['batch', ...size, 3])];
}
