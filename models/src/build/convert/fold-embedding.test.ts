import { describe, expect, it } from 'vitest';
import { FLOAT, floatTensor, newModel, node, type OnnxModel, tensorValues, value } from '../onnx/model.ts';
import { foldEmbedding } from './fold-embedding.ts';

const WIDTH = 96;
const RANK = 64;

/** Numbers in -1..1 that are the same in every run (a linear congruential generator). */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  });
}

/** An embedder's last layer, WIDTH wide, whose outputs span RANK dimensions only. */
function embedder(): OnnxModel {
  const a = numbers(WIDTH * RANK, 1);
  const b = numbers(RANK * WIDTH, 2);
  const w = Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => {
    const [row, column] = [Math.floor(i / WIDTH), i % WIDTH];
    return a.slice(row * RANK, (row + 1) * RANK).reduce((sum, v, k) => sum + v * b[k * WIDTH + column]!, 0);
  });
  const model = newModel('embedder');
  model.graph.input.push(value('x', FLOAT, ['batch', WIDTH, 1, 1]));
  model.graph.initializer.push(
    floatTensor('w', [WIDTH, WIDTH, 1, 1], w),
    floatTensor('b', [WIDTH], new Float32Array(WIDTH)),
  );
  model.graph.node.push(node('Conv', ['x', 'w', 'b'], ['y'], { kernel_shape: [1, 1] }));
  return model;
}

function apply(model: OnnxModel, x: readonly number[]): number[] {
  const [w, b] = model.graph.initializer.map((t) => tensorValues(t));
  return [...b!].map((bias, row) => x.reduce((sum, v, c) => sum + v * w![row * x.length + c]!, bias));
}

const cosine = (a: readonly number[], b: readonly number[]) => {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe('foldEmbedding', () => {
  it('keeps every cosine when the layer has no more rank than is asked for', () => {
    const folded = embedder();
    foldEmbedding(folded, RANK);
    expect(folded.graph.initializer[0]!.dims).toEqual([BigInt(RANK), BigInt(WIDTH), 1n, 1n]);
    const [x, y] = [numbers(WIDTH, 3), numbers(WIDTH, 4)];
    const before = cosine(apply(embedder(), x), apply(embedder(), y));
    expect(cosine(apply(folded, x), apply(folded, y))).toBeCloseTo(before, 6);
  });

  it('gives the same bytes each time', () => {
    const [one, two] = [embedder(), embedder()];
    foldEmbedding(one, RANK);
    foldEmbedding(two, RANK);
    expect(one.graph.initializer[0]!.raw_data).toEqual(two.graph.initializer[0]!.raw_data);
  });

  it('refuses a model that does not end in a 1 × 1 convolution', () => {
    const model = embedder();
    model.graph.initializer[0]!.dims = [BigInt(WIDTH), 24n, 2n, 2n];
    expect(() => foldEmbedding(model, RANK)).toThrow('not 1 × 1');
  });
});
