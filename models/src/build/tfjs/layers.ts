import { flag, type GraphNode, integers, text, texts } from './graph.ts';
import { type GraphBuilder, transpose } from './graph-builder.ts';
import type { TfjsTensor } from './weights.ts';

/** Writes one TFJS node into the ONNX graph, under the node's own name. */
type Layer = (graph: GraphBuilder, node: GraphNode, input: readonly string[]) => void;

/** TensorFlow's SAME puts the odd pixel of padding at the end, which is ONNX's SAME_UPPER. */
function padding(node: GraphNode): { auto_pad: string } {
  const mode = text(node, 'padding');
  if (mode !== 'SAME' && mode !== 'VALID') throw new Error(`${node.name}: padding ${mode} is not known`);
  return { auto_pad: mode === 'SAME' ? 'SAME_UPPER' : 'VALID' };
}

/** The two middle numbers of an NHWC list. */
function spatial(node: GraphNode, name: string): number[] {
  const list = integers(node, name);
  return list.length === 4 ? list.slice(1, 3) : [1, 1];
}

/** A constant beside a rank-4 value: broadcast from the right in NHWC, so it is laid out anew for NCHW. */
function beside(graph: GraphBuilder, name: string, tensor: TfjsTensor, rank: number): string {
  if (rank !== 4 || tensor.shape.length === 0) return graph.floats(name, tensor.shape, tensor.values);
  const shape = [...Array<number>(4 - tensor.shape.length).fill(1), ...tensor.shape];
  const nchw = transpose({ shape, values: tensor.values }, [0, 3, 1, 2]);
  return graph.floats(`${name}/nchw`, nchw.shape, nchw.values);
}

const binary =
  (op: string): Layer =>
  (graph, node, input) => {
    const rank = Math.max(...input.map((name) => (graph.constant(name) ? 0 : graph.rank(name))));
    const operands = input.map((name) => {
      const tensor = graph.constant(name);
      return tensor ? beside(graph, name, tensor, rank) : name;
    });
    graph.emit(op, operands, node.name, rank);
  };

const unary =
  (op: string): Layer =>
  (graph, node, [x = '']) => {
    graph.emit(op, [x], node.name, graph.rank(x));
  };

const conv2d: Layer = (graph, node, [x = '', filter = '', ...fused]) => {
  const weights = transpose(graph.requireConstant(filter), [3, 2, 0, 1]);
  convolve(
    graph,
    node,
    x,
    graph.floats(`${filter}/oihw`, weights.shape, weights.values),
    1,
    weights.shape,
    fused,
  );
};

const depthwise: Layer = (graph, node, [x = '', filter = '', ...fused]) => {
  const tensor = graph.requireConstant(filter);
  if (tensor.shape[3] !== 1) throw new Error(`${node.name}: a channel multiplier other than 1 is not known`);
  const weights = transpose(tensor, [2, 3, 0, 1]);
  const groups = weights.shape[0] as number;
  convolve(
    graph,
    node,
    x,
    graph.floats(`${filter}/oihw`, weights.shape, weights.values),
    groups,
    weights.shape,
    fused,
  );
};

function convolve(
  graph: GraphBuilder,
  node: GraphNode,
  x: string,
  weights: string,
  group: number,
  shape: readonly number[],
  fused: readonly string[],
): void {
  const attributes = {
    ...padding(node),
    kernel_shape: shape.slice(2),
    strides: spatial(node, 'strides'),
    dilations: spatial(node, 'dilations'),
    group,
  };
  withFused(graph, node, fused, 4, (output, bias) =>
    graph.emit('Conv', bias ? [x, weights, bias] : [x, weights], output, 4, attributes),
  );
}

/** The tail of TFJS's fused nodes: an optional bias, then an optional activation. */
function withFused(
  graph: GraphBuilder,
  node: GraphNode,
  fused: readonly string[],
  rank: number,
  main: (output: string, bias?: string) => void,
): void {
  const operations = texts(node, 'fused_ops');
  const [bias, slope] = operations[0] === 'BiasAdd' ? fused : [undefined, ...fused];
  const activation = operations.filter((op) => op !== 'BiasAdd')[0];
  const output = activation ? `${node.name}/linear` : node.name;
  const tensor = bias ? graph.requireConstant(bias) : undefined;
  main(output, bias && tensor ? graph.floats(bias, tensor.shape, tensor.values) : undefined);
  if (!activation) return;
  if (activation === 'Relu') graph.emit('Relu', [output], node.name, rank);
  else if (activation === 'Relu6') clip6(graph, output, node.name, rank);
  else if (activation === 'Prelu' && slope) prelu(graph, node, [output, slope]);
  else throw new Error(`${node.name}: the fused operation ${activation} is not known`);
}

function clip6(graph: GraphBuilder, x: string, output: string, rank: number): void {
  const limits = [0, 6].map((limit) => graph.floats(`clip/${limit}`, [], Float32Array.of(limit)));
  graph.emit('Clip', [x, ...limits], output, rank);
}

const relu6: Layer = (graph, node, [x = '']) => clip6(graph, x, node.name, graph.rank(x));

/** TensorFlow's old rule for places: pixel i of the result lies at i / scale of the picture. */
const resizeBilinear: Layer = (graph, node, [x = '', size = '']) => {
  if (flag(node, 'align_corners') || flag(node, 'half_pixel_centers'))
    throw new Error(`${node.name}: only resizing without aligned corners or half pixels is known`);
  // A graph made for one size of picture names the sizes; the models we convert always double it, which leaves the picture's size free.
  graph.requireConstant(size);
  const scales = graph.floats('resize/double', [4], Float32Array.of(1, 1, 2, 2));
  graph.emit('Resize', [x, '', scales], node.name, 4, {
    mode: 'linear',
    coordinate_transformation_mode: 'asymmetric',
  });
};

const prelu: Layer = (graph, node, [x = '', slope = '']) => {
  const rank = graph.rank(x);
  // PRelu broadcasts in one direction only and wants no batch axis in its slope.
  const tensor = graph.requireConstant(slope);
  const nchw = transpose({ shape: [1, 1, tensor.values.length], values: tensor.values }, [2, 0, 1]);
  graph.emit('PRelu', [x, graph.floats(`${slope}/nchw`, nchw.shape, nchw.values)], node.name, rank);
};

const matMul: Layer = (graph, node, [x = '', weights = '', ...fused]) => {
  const tensor = graph.requireConstant(weights);
  const w = graph.floats(weights, tensor.shape, tensor.values);
  const transposed = { transA: Number(flag(node, 'transpose_a')), transB: Number(flag(node, 'transpose_b')) };
  withFused(graph, node, fused, 2, (output, bias) =>
    graph.emit('Gemm', bias ? [x, w, bias] : [x, w], output, 2, transposed),
  );
};

const maxPool: Layer = (graph, node, [x = '']) => {
  const attributes = {
    ...padding(node),
    kernel_shape: spatial(node, 'ksize'),
    strides: spatial(node, 'strides'),
  };
  graph.emit('MaxPool', [x], node.name, 4, attributes);
};

const pad: Layer = (graph, node, [x = '', paddings = '']) => {
  const [n1, n2, h1, h2, w1, w2, c1, c2] = graph.requireConstant(paddings).values;
  const nchw = [n1, c1, h1, w1, n2, c2, h2, w2].map((v) => v ?? 0);
  graph.emit('Pad', [x, graph.integers(`${node.name}/pads`, nchw)], node.name, 4);
};

/** Keeps the batch (axis 0) free whatever the model was exported with; the longest axis takes what is left. */
const reshape: Layer = (graph, node, [x = '', shape = '']) => {
  const target = [...graph.requireConstant(shape).values];
  const rest = target.slice(1);
  if (!rest.includes(-1) && rest.length > 1) rest[rest.indexOf(Math.max(...rest))] = -1;
  const to = graph.integers(`${node.name}/shape`, [0, ...rest]);
  graph.emit('Reshape', [graph.toTfjsLayout(x), to], node.name, target.length);
};

const mean: Layer = (graph, node, [x = '', axes = '']) => {
  const over = [...graph.requireConstant(axes).values];
  const keep = flag(node, 'keep_dims');
  if (graph.rank(x) !== 4 || over.join() !== '1,2')
    throw new Error(`${node.name}: only a mean over the picture is known`);
  const nchwAxes = graph.integers(`${node.name}/axes`, [2, 3]);
  graph.emit('ReduceMean', [x, nchwAxes], node.name, keep ? 4 : 2, { keepdims: Number(keep) });
};

const concat: Layer = (graph, node, input) => {
  const values = input.slice(0, -1);
  const axis = graph.requireConstant(input.at(-1) ?? '').values[0] as number;
  const rank = graph.rank(values[0] ?? '');
  if (rank !== 4) throw new Error(`${node.name}: only rank 4 is known`);
  graph.emit('Concat', values, node.name, rank, { axis: [0, 2, 3, 1].at(axis) as number });
};

const softmax: Layer = (graph, node, [x = '']) => {
  if (graph.rank(x) !== 2) throw new Error(`${node.name}: only a softmax of rank 2 is known`);
  graph.emit('Softmax', [x], node.name, 2, { axis: -1 });
};

/** Every operation of the models we convert; a graph with another one is refused. */
export const layers: Readonly<Record<string, Layer>> = {
  _FusedConv2D: conv2d,
  Conv2D: conv2d,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  _FusedMatMul: matMul,
  MatMul: matMul,
  Prelu: prelu,
  MaxPool: maxPool,
  Pad: pad,
  Reshape: reshape,
  Mean: mean,
  ConcatV2: concat,
  Softmax: softmax,
  Add: binary('Add'),
  AddV2: binary('Add'),
  Mul: binary('Mul'),
  Minimum: binary('Min'),
  Maximum: binary('Max'),
  Relu: unary('Relu'),
  Relu6: relu6,
  ResizeBilinear: resizeBilinear,
  Sigmoid: unary('Sigmoid'),
};
