import { describe, expect, it } from 'vitest';
import { FLOAT, floatTensor, newModel, node, type OnnxModel, tensorValues, value } from '../onnx/model.ts';
import { mergeClips } from './merge-clips.ts';
import { prune } from './optimize-graph.ts';

function chain(...steps: readonly (readonly [op: string, bound?: number])[]): OnnxModel {
  const model = newModel('chain');
  model.graph.input.push(value('v0', FLOAT, ['n']));
  steps.forEach(([op, bound], i) => {
    if (bound !== undefined) model.graph.initializer.push(floatTensor(`c${i}`, [], Float32Array.of(bound)));
    model.graph.node.push(node(op, bound === undefined ? [`v${i}`] : [`v${i}`, `c${i}`], [`v${i + 1}`]));
  });
  model.graph.output.push(value(`v${steps.length}`, FLOAT, ['n']));
  mergeClips(model);
  prune(model);
  return model;
}

const clip = (model: OnnxModel) =>
  model.graph.node.map((n) => [
    n.op_type,
    n.input[0],
    ...n.input.slice(1).map((name) => tensorValues(model.graph.initializer.find((t) => t.name === name)!)[0]),
  ]);

describe('mergeClips', () => {
  it('makes one Clip of TFJS\u2019s ReLU6', () => {
    expect(clip(chain(['Relu'], ['Min', 6], ['Max', 0]))).toEqual([['Clip', 'v0', 0, 6]]);
  });

  it('composes bounds in their order', () => {
    expect(clip(chain(['Max', 5], ['Min', 3]))).toEqual([['Clip', 'v0', 3, 3]]);
    expect(clip(chain(['Min', 3], ['Max', 5]))).toEqual([['Clip', 'v0', 5, 5]]);
  });

  it('leaves what stands alone', () => {
    expect(clip(chain(['Relu']))).toEqual([['Relu', 'v0']]);
    expect(clip(chain(['Relu'], ['Sigmoid'], ['Relu'])).map(([op]) => op)).toEqual([
      'Relu',
      'Sigmoid',
      'Relu',
    ]);
  });
});
