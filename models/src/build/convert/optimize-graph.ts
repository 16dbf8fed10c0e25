import {
  type Dim,
  FLOAT,
  floatBytes,
  INT64,
  int64Tensor,
  node,
  type OnnxModel,
  tensorValues,
  value,
} from '../onnx/model.ts';

/**
 * Sets weights too small to matter to zero: |w| < 1e-15. A CPU takes a hundred times as long for a denormal
 * number as for a normal one, and a convolution's sum does not see it.
 */
export function flushDenormals(model: OnnxModel): void {
  for (const tensor of model.graph.initializer) {
    if (tensor.data_type !== FLOAT) continue;
    const values = tensorValues(tensor) as Float32Array;
    tensor.raw_data = floatBytes(values.map((w) => (Math.abs(w) < 1e-15 ? 0 : w)));
    delete tensor.float_data;
  }
}

/** Turns Constant nodes into initializers, so that every constant of a graph is found in one place. */
export function liftConstants(model: OnnxModel): void {
  const { graph } = model;
  graph.node = graph.node.filter((n) => {
    const tensor = n.op_type === 'Constant' ? n.attribute.find((a) => a.name === 'value')?.t : undefined;
    if (!tensor) return true;
    graph.initializer.push({ ...tensor, name: n.output[0] as string });
    return false;
  });
}

/**
 * Lets a model take any number of pictures in one run: every Reshape to a constant shape that was exported with
 * a batch of 1 copies the batch of its input instead (ONNX: a 0 in a Reshape's shape).
 */
export function freeBatch(model: OnnxModel): void {
  const { graph } = model;
  const shapes = new Set(graph.node.filter((n) => n.op_type === 'Reshape').map((n) => n.input[1]));
  for (const tensor of graph.initializer) {
    if (tensor.data_type !== INT64 || !shapes.has(tensor.name)) continue;
    const [batch, ...rest] = tensorValues(tensor) as number[];
    if (batch === 1) Object.assign(tensor, int64Tensor(tensor.name ?? '', [0, ...rest]));
  }
}

/** Makes `outputs` the model's outputs: under new names, with the shapes given, in this order. */
export function nameOutputs(
  model: OnnxModel,
  outputs: readonly { readonly name: string; readonly source: string; readonly shape: readonly Dim[] }[],
): void {
  const { graph } = model;
  const values = new Set(graph.node.flatMap((n) => n.output));
  for (const { source } of outputs)
    if (!values.has(source)) throw new Error(`the model has no value ${source}`);
  // A value inside that has an output's new name gives it up.
  const taken = new Set(outputs.filter((o) => o.name !== o.source).map((o) => o.name));
  const free = (name: string) => (taken.has(name) ? `${name}/inner` : name);
  for (const n of graph.node) {
    n.input = n.input.map(free);
    n.output = n.output.map(free);
  }
  graph.output = outputs.map(({ name, source, shape }) => {
    if (name !== source) graph.node.push(node('Identity', [free(source)], [name]));
    return value(name, FLOAT, shape);
  });
  graph.initializer.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}

/** Removes what no output needs: nodes, constants, and inputs that only repeat a constant's name. */
export function prune(model: OnnxModel): void {
  const { graph } = model;
  const needed = new Set(graph.output.map((v) => v.name));
  graph.node = graph.node
    .toReversed()
    .filter((n) => {
      if (!n.output.some((name) => needed.has(name))) return false;
      for (const name of n.input) needed.add(name);
      return true;
    })
    .toReversed();
  graph.initializer = graph.initializer.filter((t) => needed.has(t.name ?? ''));
  const constants = new Set(graph.initializer.map((t) => t.name));
  graph.input = graph.input.filter((v) => needed.has(v.name) && !constants.has(v.name));
}
