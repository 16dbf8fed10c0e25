import { int64Tensor, node, type OnnxModel } from '../onnx/model.ts';

/**
 * Maps [batch, rows, columns, channels] to each channel's largest value over the picture, [batch, channels]: what a heat map of
 * classes says where the place doesn't matter. Gives the names of the new values, one a source.
 */
export function globalMaxPool(model: OnnxModel, sources: readonly string[]): string[] {
  const { graph } = model;
  graph.initializer.push(int64Tensor('strongest/axes', [1, 2]));
  return sources.map((source) => {
    const strongest = `${source}/strongest`;
    graph.node.push(node('ReduceMax', [source, 'strongest/axes'], [strongest], { keepdims: 0 }));
    return strongest;
  });
}
