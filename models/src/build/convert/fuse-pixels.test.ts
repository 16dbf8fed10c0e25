import { onnx } from '@openfrs/vision/onnxruntime';
import { describe, expect, it } from 'vitest';
import { encodeModel, FLOAT, floatTensor, newModel, node, type OnnxModel, value } from '../onnx/model.ts';
import { fusePixels } from './fuse-pixels.ts';
import { type PixelFormat, prependNormalization } from './prepend-normalization.ts';

const rgb: PixelFormat = { order: 'rgb', mean: [127.5, 127.5, 127.5], scale: [1 / 128, 1 / 64, 1 / 32] };
const bgr: PixelFormat = { order: 'bgr', mean: [127, 127, 127], scale: [1 / 128, 1 / 64, 1 / 32] };
const dark: PixelFormat = { order: 'rgb', mean: [0, 0, 0], scale: [1 / 255, 1 / 255, 1 / 255] };
const grey: PixelFormat = { order: 'gray', mean: [100], scale: [1 / 50] };

type Attributes = Parameters<typeof node>[3];

/** A network that begins with a convolution of 4 filters and a rectifier. */
function network(channels: number, [high, wide]: readonly [number, number], attributes: Attributes) {
  const model = newModel('network');
  model.graph.input.push(value('x', FLOAT, ['batch', channels, 'height', 'width']));
  model.graph.output.push(value('y', FLOAT, ['batch', 4, 'rows', 'columns']));
  const weights = Float32Array.from({ length: 4 * channels * high * wide }, (_, i) => ((i * 37) % 23) - 11);
  model.graph.initializer.push(
    floatTensor('w', [4, channels, high, wide], weights),
    floatTensor('b', [4], Float32Array.of(0.5, -1, 2, 0)),
  );
  const convolution = node('Conv', ['x', 'w', 'b'], ['c'], { kernel_shape: [high, wide], ...attributes });
  model.graph.node.push(convolution, node('Relu', ['c'], ['y']));
  return model;
}

async function run(model: OnnxModel, height: number, width: number) {
  const session = await onnx.InferenceSession.create(encodeModel(model), { logSeverityLevel: 3 });
  const values = Uint8Array.from({ length: 2 * height * width * 3 }, (_, i) => (i * 2_654_435_761) >>> 24);
  const { y } = await session.run({ pixels: new onnx.Tensor('uint8', values, [2, height, width, 3]) });
  await session.release();
  return { dims: y!.dims, data: y!.data as Float32Array };
}

describe('fusePixels', () => {
  it.each<[string, PixelFormat, readonly [number, number], readonly [number, number], Attributes]>([
    ['padding on all sides, an odd size', rgb, [3, 3], [9, 7], { strides: [2, 2], pads: [1, 1, 1, 1] }],
    ['padding that differs by side', bgr, [3, 5], [9, 10], { pads: [0, 1, 2, 3] }],
    ['no padding', dark, [2, 3], [8, 6], { strides: [2, 1] }],
    ['the same size by a stride', rgb, [5, 5], [8, 12], { strides: [2, 2], auto_pad: 'SAME_UPPER' }],
    ['grey', grey, [3, 3], [8, 8], { strides: [2, 2], auto_pad: 'SAME_UPPER' }],
  ])('computes what pixels as planes do: %s', async (_, format, kernel, [height, width], attributes) => {
    const [planes, fused] = [0, 1].map(() => network(format.mean.length, kernel, attributes)) as [
      OnnxModel,
      OnnxModel,
    ];
    prependNormalization(planes, format, ['height', 'width']);
    fusePixels(fused, format, ['height', 'width'], 4);
    expect(fused.graph.node.filter(({ op_type }) => op_type === 'Conv')).toHaveLength(1);
    const [ours, reference] = [await run(fused, height, width), await run(planes, height, width)];
    expect(ours.dims).toEqual(reference.dims);
    expect(Math.max(...reference.data)).toBeGreaterThan(1);
    for (const [i, y] of reference.data.entries()) expect(ours.data[i]).toBeCloseTo(y, 3);
  });

  it('refuses what it would compute wrongly', () => {
    const same = { strides: [2, 2], auto_pad: 'SAME_UPPER' };
    const fuse = (format: PixelFormat, attributes: Attributes, multiple = 4) =>
      fusePixels(network(3, [3, 3], attributes), format, ['height', 'width'], multiple);
    expect(() => fuse(rgb, same, 1)).toThrow('the same for every size');
    expect(() => fuse({ ...rgb, mean: [1, 2, 3] }, same)).toThrow('one mean');
    expect(() => fuse(rgb, { dilations: [2, 2] })).toThrow('neighbouring');
    const forked = network(3, [3, 3], same);
    forked.graph.node.push(node('Relu', ['x'], ['z']));
    expect(() => fusePixels(forked, rgb, ['height', 'width'], 4)).toThrow('begins with one convolution');
  });
});
