import { onnx } from '@openfrs/vision/onnxruntime';
import { describe, expect, it } from 'vitest';
import {
  encodeModel,
  FLOAT,
  floatTensor,
  int64Tensor,
  newModel,
  node,
  type OnnxModel,
  value,
} from '../onnx/model.ts';
import { padChannelsByConvolution } from './pad-channels.ts';

function padded(pads: readonly number[]): OnnxModel {
  const model = newModel('padded');
  model.graph.input.push(value('x', FLOAT, ['batch', 2, 'height', 'width']));
  model.graph.output.push(value('y', FLOAT, ['batch', 'channels', 'out_height', 'out_width']));
  model.graph.initializer.push(
    floatTensor('w', [3, 2, 1, 1], Float32Array.of(1, 2, -3, 4, 0.5, -6)),
    int64Tensor('pads', pads),
  );
  model.graph.node.push(
    node('Conv', ['x', 'w'], ['c'], { kernel_shape: [1, 1] }),
    node('MaxPool', ['c'], ['m'], { kernel_shape: [2, 2], strides: [2, 2] }),
    node('Pad', ['m', 'pads'], ['y']),
  );
  return model;
}

async function run(model: OnnxModel) {
  const session = await onnx.InferenceSession.create(encodeModel(model), { logSeverityLevel: 3 });
  const values = Float32Array.from({ length: 2 * 2 * 4 * 6 }, (_, i) => ((i * 29) % 31) - 15);
  const { y } = await session.run({ x: new onnx.Tensor('float32', values, [2, 2, 4, 6]) });
  await session.release();
  return { dims: y!.dims, data: [...(y!.data as Float32Array)] };
}

describe('padChannelsByConvolution', () => {
  it('appends the channels a Pad does, with the same numbers', async () => {
    const model = padded([0, 0, 0, 0, 0, 5, 0, 0]);
    padChannelsByConvolution(model);
    expect(model.graph.node.map((n) => n.op_type)).toEqual(['Conv', 'MaxPool', 'Conv']);
    const answer = await run(model);
    expect(answer.dims).toEqual([2, 8, 2, 3]);
    expect(answer).toEqual(await run(padded([0, 0, 0, 0, 0, 5, 0, 0])));
  });

  it('leaves every other Pad alone', () => {
    for (const pads of [
      [0, 0, 1, 1, 0, 5, 1, 1],
      [0, 2, 0, 0, 0, 2, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
    ]) {
      const model = padded(pads);
      padChannelsByConvolution(model);
      expect(model.graph.node.at(-1)?.op_type).toBe('Pad');
    }
  });
});
