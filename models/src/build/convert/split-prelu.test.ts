import { onnx, type Tensor } from '@openfrs/vision/onnxruntime';
import { describe, expect, it } from 'vitest';
import { encodeModel, FLOAT, floatTensor, newModel, node, type OnnxModel, value } from '../onnx/model.ts';
import { splitPRelu } from './split-prelu.ts';

function prelu(slopes: readonly number[]): OnnxModel {
  const model = newModel('prelu');
  model.graph.input.push(value('x', FLOAT, ['batch', slopes.length, 'height', 'width']));
  model.graph.output.push(value('y', FLOAT, ['batch', slopes.length, 'height', 'width']));
  model.graph.initializer.push(floatTensor('slope', [slopes.length, 1, 1], Float32Array.from(slopes)));
  model.graph.node.push(node('PRelu', ['x', 'slope'], ['y']));
  return model;
}

async function run(model: OnnxModel, x: Tensor): Promise<Float32Array> {
  const session = await onnx.InferenceSession.create(encodeModel(model), { logSeverityLevel: 3 });
  const { y } = await session.run({ x });
  await session.release();
  return y!.data as Float32Array;
}

describe('splitPRelu', () => {
  it.each([
    ['slopes up to 1', [0.25, -0.5, 0, 1]],
    ['slopes above 1', [0.25, 1.5, -2, 3]],
  ])('computes what PRelu does: %s', async (_, slopes) => {
    const values = Float32Array.from({ length: 2 * 4 * 3 * 5 }, (_, i) => ((i * 37) % 41) - 20);
    const x = new onnx.Tensor('float32', values, [2, 4, 3, 5]);
    const split = prelu(slopes);
    splitPRelu(split);
    expect(split.graph.node.some((n) => n.op_type === 'PRelu')).toBe(false);
    const [ours, reference] = [await run(split, x), await run(prelu(slopes), x)];
    for (const [i, y] of reference.entries()) expect(ours[i]).toBeCloseTo(y, 5);
  });
});
