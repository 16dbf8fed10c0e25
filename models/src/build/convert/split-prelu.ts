import { floatTensor, node, type OnnxModel, type OnnxNode, tensorValues } from '../onnx/model.ts';

/**
 * Writes PRelu (x where x > 0, slope · x elsewhere, a slope per channel) as a sum that onnxruntime runs in its blocked
 * layout (NCHWc) beside the convolutions; for PRelu itself it leaves that layout and comes back, which costs as much as
 * all the convolutions. Measured on one thread: the mesh 2.2 times as fast, the embedder 1.8, differences of 1e-6.
 *
 *   slope ≤ 1:  slope · x + relu((1 − slope) · x)
 *   any slope:  slope · x + (1 − slope) · relu(x)
 *
 * A product per channel is a BatchNormalization with mean 0 and variance 1.
 */
export function splitPRelu(model: OnnxModel): void {
  const { graph } = model;
  graph.node = graph.node.flatMap((n) => {
    const slope = n.op_type === 'PRelu' ? graph.initializer.find((t) => t.name === n.input[1]) : undefined;
    return slope ? split(model, n, tensorValues(slope) as Float32Array) : [n];
  });
}

function split(model: OnnxModel, prelu: OnnxNode, slope: Float32Array): OnnxNode[] {
  const x = prelu.input[0] as string;
  const out = prelu.output[0] as string;
  const constant = (name: string, values: Float32Array) => {
    model.graph.initializer.push(floatTensor(`${out}/${name}`, [values.length], values));
    return `${out}/${name}`;
  };
  const zero = constant('zero', new Float32Array(slope.length));
  const one = constant('one', new Float32Array(slope.length).fill(1));
  const scale = (input: string, by: string, output: string) =>
    node('BatchNormalization', [input, by, zero, zero, one], [output], { epsilon: { float: 0 } });

  const below = constant('slope', slope);
  const rest = constant(
    'rest',
    slope.map((s) => 1 - s),
  );
  const above = slope.every((s) => s <= 1)
    ? [scale(x, rest, `${out}/scaled`), node('Relu', [`${out}/scaled`], [`${out}/above`])]
    : [node('Relu', [x], [`${out}/positive`]), scale(`${out}/positive`, rest, `${out}/above`)];
  return [...above, scale(x, below, `${out}/below`), node('Add', [`${out}/below`, `${out}/above`], [out])];
}
