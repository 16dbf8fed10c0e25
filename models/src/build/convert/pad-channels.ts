import { floatTensor, node, type OnnxModel, type OnnxTensor, tensorValues } from '../onnx/model.ts';

/** Operations that give as many channels as their first input has. */
const KEEPS_CHANNELS = new Set(['BatchNormalization', 'Relu', 'PRelu', 'Add', 'MaxPool', 'Clip']);

/**
 * Writes a Pad that only appends zero channels as a 1 × 1 convolution with the identity: the same numbers, and onnxruntime
 * stays in its blocked layout, which Pad makes it leave for the rest of the network (the mesh: 13 % of its time).
 */
export function padChannelsByConvolution(model: OnnxModel): void {
  const { graph } = model;
  const constants = new Map(graph.initializer.map((t) => [t.name, t]));
  const channels = new Map<string, number>();
  graph.node = graph.node.map((n) => {
    const [x = '', parameter = ''] = n.input;
    const output = n.output[0] as string;
    const constant = constants.get(parameter);
    if (n.op_type === 'Conv') channels.set(output, Number(constant?.dims[0] ?? 0));
    const before = channels.get(x);
    if (!before) return n;
    if (KEEPS_CHANNELS.has(n.op_type)) channels.set(output, before);
    const added = n.op_type === 'Pad' && n.input.length === 2 && constant ? appendedChannels(constant) : 0;
    if (added === 0) return n;
    const after = before + added;
    channels.set(output, after);
    const identity = new Float32Array(after * before);
    for (let i = 0; i < before; i++) identity[i * before + i] = 1;
    graph.initializer.push(floatTensor(`${output}/identity`, [after, before, 1, 1], identity));
    return node('Conv', [x, `${output}/identity`], [output], { kernel_shape: [1, 1] });
  });
}

/** How many channels a Pad of rank 4 appends, 0 if it pads anything else. */
function appendedChannels(pads: OnnxTensor): number {
  const values = tensorValues(pads);
  const onlyAppends = values.length === 8 && values.every((v, i) => i === 5 || v === 0);
  return onlyAppends ? Math.max(values[5] ?? 0, 0) : 0;
}
