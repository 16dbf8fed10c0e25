import { FLOAT, floatTensor, int64Tensor, newModel, node, type OnnxModel, value } from '../onnx/model.ts';
import { weightsManifest } from '../tfjs/graph.ts';
import { transpose } from '../tfjs/graph-builder.ts';
import { decodeWeights, type TfjsTensor } from '../tfjs/weights.ts';

/**
 * The residual blocks in order. A `down` block halves the picture: `channels` are added to the shortcut, and
 * where the valid convolution yields one row and column less than the shortcut's pooling, `grow` adds them.
 */
const BLOCKS: readonly { name: string; down?: { channels: number; grow: 0 | 1 } }[] = [
  { name: 'conv32_1' },
  { name: 'conv32_2' },
  { name: 'conv32_3' },
  { name: 'conv64_down', down: { channels: 32, grow: 0 } }, // 35 → 17
  { name: 'conv64_1' },
  { name: 'conv64_2' },
  { name: 'conv64_3' },
  { name: 'conv128_down', down: { channels: 64, grow: 0 } }, // 17 → 8
  { name: 'conv128_1' },
  { name: 'conv128_2' },
  { name: 'conv256_down', down: { channels: 128, grow: 1 } }, // 8 → 4
  { name: 'conv256_1' },
  { name: 'conv256_2' },
  { name: 'conv256_down_out', down: { channels: 0, grow: 1 } }, // 4 → 2
];

/**
 * dlib's face recognition ResNet (`dlib_face_recognition_resnet_model_v1`) from face-api's weights: 29
 * convolutions, 128 numbers. The architecture is dlib's `anet_type`, as face-api's FaceRecognitionNet runs it.
 * Input `input` [batch, 3, 150, 150], output `embedding` [batch, 128].
 */
export function buildDlibResNet(manifestJson: Uint8Array, weightsFile: Uint8Array): OnnxModel {
  const entries = weightsManifest.parse(JSON.parse(new TextDecoder().decode(manifestJson)));
  const net = new DlibNet(decodeWeights(entries, weightsFile));
  let x = net.convolution('input', 'conv32_down', { stride: 2, relu: true });
  x = net.emit('MaxPool', [x], 'pool', { kernel_shape: [3, 3], strides: [2, 2] });
  for (const { name, down } of BLOCKS) x = down ? net.residualDown(x, name, down) : net.residual(x, name);
  x = net.emit('GlobalAveragePool', [x], 'average');
  x = net.emit('Flatten', [x], 'flat', { axis: 1 });
  net.fullyConnected(x, 'fc', 'embedding');
  return net.model;
}

class DlibNet {
  readonly model = newModel('dlib-resnet');
  readonly #weights: ReadonlyMap<string, TfjsTensor>;

  constructor(weights: ReadonlyMap<string, TfjsTensor>) {
    this.#weights = weights;
    this.model.graph.input.push(value('input', FLOAT, ['batch', 3, 150, 150]));
  }

  emit(
    op: string,
    input: readonly string[],
    output: string,
    attributes: Parameters<typeof node>[3] = {},
  ): string {
    this.model.graph.node.push(node(op, input, [output], attributes));
    return output;
  }

  /** Convolution, bias, then dlib's affine layer (scale and shift a channel), folded into the one convolution. */
  convolution(x: string, name: string, { stride = 1, relu = false, padding = 'VALID' } = {}): string {
    const filters = this.#tensor(`${name}/conv/filters`);
    const bias = this.#tensor(`${name}/conv/bias`).values;
    const scale = this.#tensor(`${name}/scale/weights`).values;
    const shift = this.#tensor(`${name}/scale/biases`).values;
    const { shape, values } = transpose(filters, [3, 2, 0, 1]);
    const [out = 0, ...rest] = shape;
    const size = rest.reduce((a, b) => a * b, 1);
    const folded = values.map((w, i) => w * (scale[Math.floor(i / size)] as number));
    const foldedBias = Float32Array.from(shift, (s, c) => (bias[c] as number) * (scale[c] as number) + s);
    this.#initialize(`${name}/weights`, shape, folded);
    this.#initialize(`${name}/bias`, [out], foldedBias);
    const attributes = { kernel_shape: shape.slice(2), strides: [stride, stride], auto_pad: padding };
    const y = this.emit('Conv', [x, `${name}/weights`, `${name}/bias`], name, attributes);
    return relu ? this.emit('Relu', [y], `${name}/relu`) : y;
  }

  residual(x: string, name: string): string {
    const inner = this.convolution(x, `${name}/conv1`, { relu: true, padding: 'SAME_UPPER' });
    const outer = this.convolution(inner, `${name}/conv2`, { padding: 'SAME_UPPER' });
    return this.emit('Relu', [this.emit('Add', [outer, x], `${name}/sum`)], `${name}/out`);
  }

  /** A block whose shortcut is a 2 × 2 average; zeros fill what either side lacks, at the end. */
  residualDown(x: string, name: string, { channels, grow }: { channels: number; grow: 0 | 1 }): string {
    const inner = this.convolution(x, `${name}/conv1`, { stride: 2, relu: true });
    const outer = this.convolution(inner, `${name}/conv2`, { padding: 'SAME_UPPER' });
    const pooled = this.emit('AveragePool', [x], `${name}/pool`, { kernel_shape: [2, 2], strides: [2, 2] });
    const sum = this.emit(
      'Add',
      [this.#grow(outer, 0, grow), this.#grow(pooled, channels, 0)],
      `${name}/sum`,
    );
    return this.emit('Relu', [sum], `${name}/out`);
  }

  #grow(x: string, channels: number, pixels: number): string {
    if (channels === 0 && pixels === 0) return x;
    this.model.graph.initializer.push(int64Tensor(`${x}/pads`, [0, 0, 0, 0, 0, channels, pixels, pixels]));
    return this.emit('Pad', [x, `${x}/pads`], `${x}/padded`);
  }

  fullyConnected(x: string, name: string, output: string): void {
    const { shape, values } = this.#tensor(name);
    this.#initialize(name, shape, Float32Array.from(values));
    this.emit('MatMul', [x, name], output);
  }

  #tensor(name: string): TfjsTensor {
    const tensor = this.#weights.get(name);
    if (!tensor) throw new Error(`the weights have no ${name}`);
    return tensor;
  }

  #initialize(name: string, shape: readonly number[], values: Float32Array): void {
    this.model.graph.initializer.push(floatTensor(name, shape, values));
  }
}
