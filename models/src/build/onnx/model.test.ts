import { describe, expect, it } from 'vitest';
import {
  decodeModel,
  encodeModel,
  FLOAT,
  floatTensor,
  int64Tensor,
  newModel,
  node,
  tensorValues,
  value,
} from './model.ts';

function small() {
  const model = newModel('small');
  model.graph.input.push(value('x', FLOAT, ['batch', 3]));
  model.graph.output.push(value('y', FLOAT, ['batch', 3]));
  model.graph.initializer.push(
    floatTensor('w', [3], Float32Array.of(1, -0.5, 1e-40)),
    int64Tensor('i', [-1, 2 ** 40]),
  );
  model.graph.node.push(
    node('Clip', ['x'], ['y'], { axis: 0, alpha: { float: 0 }, perm: [0, 2], mode: 'edge' }),
  );
  return model;
}

describe('an ONNX model', () => {
  it('survives being written and read, zeros and 64-bit integers too', () => {
    const read = decodeModel(encodeModel(small()));
    expect(read.graph.node[0]).toMatchObject({ op_type: 'Clip', input: ['x'], output: ['y'] });
    const attributes = Object.fromEntries(read.graph.node[0]!.attribute.map((a) => [a.name, a]));
    expect(attributes.axis).toMatchObject({ type: 2, i: 0n });
    expect(attributes.alpha).toMatchObject({ type: 1, f: 0 });
    expect(attributes.perm!.ints).toEqual([0n, 2n]);
    expect([...tensorValues(read.graph.initializer[0]!)]).toEqual([...Float32Array.of(1, -0.5, 1e-40)]);
    expect(tensorValues(read.graph.initializer[1]!)).toEqual([-1, 2 ** 40]);
    expect(read.graph.input[0]!.type.tensor_type.shape.dim).toMatchObject([
      { dim_param: 'batch' },
      { dim_value: 3n },
    ]);
  });

  it('is written to the same bytes again', () => {
    const bytes = encodeModel(small());
    expect(Buffer.from(encodeModel(decodeModel(bytes))).equals(bytes)).toBe(true);
  });

  it('keeps the largest 64-bit integer, which PyTorch writes for "to the end"', () => {
    const model = small();
    model.graph.node[0]!.attribute.push({ name: 'ends', type: 7, ints: [9223372036854775807n] });
    expect(decodeModel(encodeModel(model)).graph.node[0]!.attribute.at(-1)!.ints).toEqual([
      9223372036854775807n,
    ]);
  });

  it('is refused when the bytes are something else', () => {
    expect(() => decodeModel(new TextEncoder().encode('<html>not found</html>'))).toThrow();
    expect(() => decodeModel(new Uint8Array())).toThrow('not an ONNX model');
  });
});
