import { FLOAT, type OnnxModel, value } from '../onnx/model.ts';
import { GraphBuilder, transpose } from '../tfjs/graph-builder.ts';
import type { TfjsTensor } from '../tfjs/weights.ts';
import { type Operation, readTflite, type TfliteGraph, type TfliteNode } from './graph.ts';

/**
 * A TensorFlow Lite model as ONNX (opset 18): one float input [batch, channels, height, width] called `input`; the named values
 * are its outputs, in TensorFlow's layout. Batch, height and width are free. Throws on an operation, padding or activation it
 * does not know.
 */
export function convertTflite(name: string, bytes: Uint8Array, outputs: readonly string[]): OnnxModel {
  const graph = readTflite(bytes);
  const writer: Writer = { graph, onnx: new GraphBuilder(name, new Map()), constants: new Map() };
  const [input] = graph.inputs;
  if (input === undefined || graph.inputs.length > 1) throw new Error('a model with one input is expected');
  const channels = graph.shape(input)[3];
  if (channels === undefined) throw new Error('the input is not a picture');
  writer.onnx.model.graph.input.push(value('input', FLOAT, ['batch', channels, 'height', 'width']));
  writer.onnx.declare('input', 4);
  if (graph.name(input) !== 'input') writer.onnx.emit('Identity', ['input'], graph.name(input), 4);
  for (const node of graph.nodes) layers[node.op](writer, node);
  for (const output of outputs) writer.onnx.model.graph.output.push(value(output, FLOAT, ['batch']));
  return writer.onnx.model;
}

interface Writer {
  readonly graph: TfliteGraph;
  readonly onnx: GraphBuilder;
  /** What DEQUANTIZE makes of constants of the file. */
  readonly constants: Map<number, TfjsTensor>;
}

type Layer = (writer: Writer, node: TfliteNode) => void;

const layers: { readonly [Op in Operation]: Layer } = {
  DEQUANTIZE: (writer, { inputs: [half = -1], output }) => {
    writer.constants.set(output, constant(writer, half));
  },
  CONV_2D: (writer, node) => convolve(writer, node, [0, 3, 1, 2], 3, () => 1),
  DEPTHWISE_CONV_2D: (writer, node) => convolve(writer, node, [3, 0, 1, 2], 4, ([out = 1]) => out),
  ADD: (writer, node) => activated(writer, node, node.byte(0), 'Add', names(writer, node.inputs)),
  RELU: (writer, node) => activated(writer, node, 0, 'Relu', names(writer, node.inputs)),
  PAD(writer, node) {
    const [x = -1, amounts = -1] = node.inputs;
    const pads = [...constant(writer, amounts).values];
    // Pairs of (before, after) an axis of NHWC to all befores, then all afters, of NCHW.
    const order = [0, 3, 1, 2].map((axis) => 2 * axis);
    const list = [...order.map((at) => pads[at] ?? 0), ...order.map((at) => pads[at + 1] ?? 0)];
    const input = [writer.graph.name(x), writer.onnx.integers(`${output(writer, node)}/pads`, list)];
    activated(writer, node, 0, 'Pad', input);
  },
  MAX_POOL_2D(writer, node) {
    activated(writer, node, node.byte(5), 'MaxPool', names(writer, node.inputs), {
      ...padding(node),
      kernel_shape: [node.int(4), node.int(3)],
      strides: [node.int(2), node.int(1)],
    });
  },
  RESIZE_BILINEAR(writer, node) {
    const [x = -1] = node.inputs;
    const [, height = 0] = writer.graph.shape(x);
    if (node.byte(3) !== 1 || writer.graph.shape(node.output)[1] !== 2 * height)
      throw new Error(`${output(writer, node)}: only doubling by half pixels is known`);
    const scales = writer.onnx.floats('resize/double', [4], Float32Array.of(1, 1, 2, 2));
    activated(writer, node, 0, 'Resize', [writer.graph.name(x), '', scales], {
      mode: 'linear',
      coordinate_transformation_mode: 'half_pixel',
    });
  },
  RESHAPE(writer, node) {
    const [x = -1] = node.inputs;
    const last = writer.graph.shape(node.output)[2];
    if (last === undefined) throw new Error(`${output(writer, node)}: only rows of a map are known`);
    const rows = writer.onnx.toTfjsLayout(writer.graph.name(x));
    const shape = writer.onnx.integers(`${output(writer, node)}/shape`, [0, -1, last]);
    writer.onnx.emit('Reshape', [rows, shape], output(writer, node), 3);
  },
};

/** `layout` brings the filter to [out, in, height, width]; the fused activation is the options' field `activation`. */
function convolve(
  writer: Writer,
  node: TfliteNode,
  layout: readonly number[],
  activation: number,
  groups: (shape: readonly number[]) => number,
): void {
  const [x = -1, filter = -1, bias = -1] = node.inputs;
  const { shape, values } = transpose(constant(writer, filter), layout);
  const { shape: length, values: shifts } = constant(writer, bias);
  const name = output(writer, node);
  const input = [
    writer.graph.name(x),
    writer.onnx.floats(`${name}/filter`, shape, values),
    writer.onnx.floats(`${name}/bias`, length, shifts),
  ];
  activated(writer, node, node.byte(activation), 'Conv', input, {
    ...padding(node),
    kernel_shape: shape.slice(2),
    strides: [node.int(2), node.int(1)],
    group: groups(shape),
  });
}

/** A node with its fused activation (`ActivationFunctionType`: 0 none, 1 RELU). */
function activated(
  { graph, onnx }: Writer,
  node: TfliteNode,
  activation: number,
  op: string,
  input: readonly string[],
  attributes: Parameters<GraphBuilder['emit']>[4] = {},
): void {
  const name = graph.name(node.output);
  if (activation > 1) throw new Error(`${name}: the activation ${activation} is not known`);
  onnx.emit(op, input, activation === 1 ? `${name}/linear` : name, 4, attributes);
  if (activation === 1) onnx.emit('Relu', [`${name}/linear`], name, 4);
}

/** `Padding`: 0 SAME, whose odd pixel lies at the end, 1 VALID. */
function padding(node: TfliteNode): { auto_pad: string } {
  return { auto_pad: node.byte(0) === 0 ? 'SAME_UPPER' : 'VALID' };
}

function constant({ graph, constants }: Writer, value: number): TfjsTensor {
  const found = constants.get(value) ?? graph.constant(value);
  if (found === undefined) throw new Error(`${graph.name(value)} is expected to be a constant`);
  return found;
}

function names({ graph }: Writer, values: readonly number[]): string[] {
  return values.map((value) => graph.name(value));
}

function output({ graph }: Writer, node: TfliteNode): string {
  return graph.name(node.output);
}
