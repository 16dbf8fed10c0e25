import { FLOAT, floatTensor, node, type OnnxModel, type OnnxNode, tensorValues } from '../onnx/model.ts';

interface Bounds {
  readonly source: string;
  readonly low: number;
  readonly high: number;
}

/**
 * Makes one Clip of a chain of Relu, Min and Max with single numbers (TFJS writes ReLU6 as all three), which
 * onnxruntime then runs as part of the convolution before it. What the chain leaves unused is for `prune`.
 */
export function mergeClips(model: OnnxModel): void {
  const { graph } = model;
  const bounded = new Map<string, Bounds>();
  graph.node = graph.node.map((n) => {
    const own = boundsOf(model, n);
    const output = n.output[0] as string;
    if (!own) return n;
    const before = bounded.get(own.source);
    if (!before) {
      bounded.set(output, own);
      return n;
    }
    const clamp = (v: number) => Math.min(Math.max(v, own.low), own.high);
    const merged = { source: before.source, low: clamp(before.low), high: clamp(before.high) };
    bounded.set(output, merged);
    graph.initializer.push(
      floatTensor(`${output}/low`, [], Float32Array.of(merged.low)),
      floatTensor(`${output}/high`, [], Float32Array.of(merged.high)),
    );
    return node('Clip', [merged.source, `${output}/low`, `${output}/high`], [output]);
  });
}

function boundsOf(model: OnnxModel, n: OnnxNode): Bounds | undefined {
  const none = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const [a = '', b = ''] = n.input;
  if (n.op_type === 'Relu') return { ...none, source: a, low: 0 };
  if ((n.op_type !== 'Min' && n.op_type !== 'Max') || n.input.length !== 2) return undefined;
  const limit = model.graph.initializer.find((t) => t.name === b);
  if (limit?.data_type !== FLOAT || limit.dims.length > 0) return undefined;
  const [bound = 0] = tensorValues(limit);
  return n.op_type === 'Min' ? { ...none, source: a, high: bound } : { ...none, source: a, low: bound };
}
