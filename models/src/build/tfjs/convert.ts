import { FLOAT, type OnnxModel, value } from '../onnx/model.ts';
import { tfjsModel } from './graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { layers } from './layers.ts';
import { decodeWeights } from './weights.ts';

/**
 * A TFJS graph model as ONNX (opset 18): one float input [batch, channels, height, width] called `input`; the
 * named nodes are its outputs, in TFJS's layout. The batch is free. Throws on an operation or layout it does
 * not know.
 */
export function convertTfjs(
  name: string,
  modelJson: Uint8Array,
  weightsFile: Uint8Array,
  outputs: readonly string[],
): OnnxModel {
  const parsed = tfjsModel.parse(JSON.parse(new TextDecoder().decode(modelJson)));
  const graph = new GraphBuilder(name, decodeWeights(parsed.weightsManifest, weightsFile));
  const aliases = new Map<string, string>();
  const resolve = (input: string) => {
    const plain = input.replace(/^\^|:0$/g, '');
    return aliases.get(plain) ?? plain;
  };
  for (const node of runnable(parsed.modelTopology.node, outputs)) {
    const input = node.input.map(resolve);
    if (node.op === 'Const') continue;
    if (node.op === 'Placeholder') {
      const [, height, width, channels] = (node.attr.shape?.shape?.dim ?? []).map((d) => Number(d.size));
      if (!height || !width || !channels) throw new Error(`${node.name}: the input is not a picture`);
      graph.model.graph.input.push(value('input', FLOAT, ['batch', channels, height, width]));
      aliases.set(node.name, graph.declare('input', 4));
    } else if (node.op === 'Identity') {
      aliases.set(node.name, input[0] ?? '');
    } else {
      const layer = layers[node.op];
      if (!layer) throw new Error(`the operation ${node.op} is not known`);
      layer(graph, node, input);
    }
  }
  for (const output of outputs) addOutput(graph, output, resolve(output));
  return graph.model;
}

function addOutput(graph: GraphBuilder, name: string, source: string): void {
  const from = graph.toTfjsLayout(source);
  // A node that is an output and used inside as well keeps its inner name; the output gets its own.
  if (from !== name) graph.emit('Identity', [from], name, graph.rank(from));
  graph.model.graph.output.push(value(name, FLOAT, ['batch']));
}

/** The nodes that the outputs need, in an order in which every input is computed before it is used. */
function runnable<T extends { name: string; input: readonly string[] }>(
  nodes: readonly T[],
  outputs: readonly string[],
): T[] {
  const byName = new Map(nodes.map((n) => [n.name, n]));
  const sources = (n: T) => n.input.flatMap((input) => byName.get(input.replace(/^\^|:0$/g, '')) ?? []);
  const reach = (from: readonly T[]): Set<T> => {
    const ordered = new Set<T>();
    const visit = (n: T) => {
      if (ordered.has(n)) return;
      for (const source of sources(n)) visit(source);
      ordered.add(n);
    };
    for (const n of from) visit(n);
    return ordered;
  };
  const needed = reach(outputs.flatMap((output) => byName.get(output) ?? []));
  return [...reach(nodes)].filter((n) => needed.has(n));
}
