import {
  FLOAT,
  floatTensor,
  int64Tensor,
  node,
  type OnnxModel,
  type OnnxNode,
  UINT8,
  value,
} from '../onnx/model.ts';

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

const PIXELS = 'pixels';

/**
 * Gives a model the input that all have: `pixels`, uint8 RGB [batch, height, width, 3], as image decoders deliver them. A row is read as
 * one channel of 3 · width numbers; a convolution with kernel and stride 3 along it mixes, shifts and scales the colours into planes.
 * @param size [height, width]; a name leaves it free
 */
export function prependNormalization(
  model: OnnxModel,
  format: PixelFormat,
  size: readonly (number | string)[],
): void {
  const { graph } = model;
  const { input, mix } = pixelMix(model, format);
  const bias = Float32Array.from(format.mean, (mean, c) => -mean * (format.scale[c] as number));
  graph.initializer.push(
    floatTensor('pixels/weights', [mix.length, 1, 1, 3], Float32Array.from(mix.flat())),
    floatTensor('pixels/bias', [mix.length], bias),
  );
  graph.node.unshift(
    ...pixelRows(model, size),
    node('Conv', ['pixels/float', 'pixels/weights', 'pixels/bias'], [input], {
      kernel_shape: [1, 3],
      strides: [1, 3],
    }),
  );
}

/** The value that the network takes for its picture, and the weights of R, G and B in each of its channels, scaled. */
export function pixelMix(model: OnnxModel, format: PixelFormat): { input: string; mix: readonly number[][] } {
  const { graph } = model;
  const initializers = new Set(graph.initializer.map((t) => t.name));
  const inputs = graph.input.filter((v) => !initializers.has(v.name));
  const input = inputs[0]?.name;
  if (inputs.length !== 1 || !input) throw new Error('a model with one input is expected');
  const mix = MIX[format.order];
  if (format.mean.length !== mix.length || format.scale.length !== mix.length) {
    throw new Error(`${format.order} takes ${mix.length} numbers as mean and scale`);
  }
  return { input, mix: mix.map((row, c) => row.map((w) => w * (format.scale[c] as number))) };
}

/** Makes `pixels` the input; the nodes that give `pixels/float`, its rows as one channel each: [batch, 1, height, 3 · width]. */
export function pixelRows(model: OnnxModel, size: readonly (number | string)[]): OnnxNode[] {
  model.graph.initializer.push(int64Tensor('pixels/rows', [0, 0, -1]));
  model.graph.input = [value(PIXELS, UINT8, ['batch', ...size, 3])];
  return [
    node('Reshape', [PIXELS, 'pixels/rows'], ['pixels/row']),
    unsqueeze(model, 'pixels/row', 'pixels/channel'),
    node('Cast', ['pixels/channel'], ['pixels/float'], { to: FLOAT }),
  ];
}

/** [batch, height, n] to [batch, 1, height, n]; the axis became an input with opset 13. */
function unsqueeze(model: OnnxModel, input: string, output: string): OnnxNode {
  const opset = model.opset_import.find((o) => !o.domain)?.version ?? 0n;
  if (opset < 13n) return node('Unsqueeze', [input], [output], { axes: [1] });
  model.graph.initializer.push(int64Tensor('pixels/axis', [1]));
  return node('Unsqueeze', [input, 'pixels/axis'], [output]);
}
