import { floatTensor, int64Tensor, newModel, node, type OnnxModel } from '../onnx/model.ts';
import type { TfjsTensor } from './weights.ts';

/**
 * The ONNX graph that grows while a TFJS graph is read. Values of rank 4 are kept as NCHW all the way (TFJS has
 * NHWC); a transpose is written only where a value changes its rank. `rank` knows every value's rank.
 */
export class GraphBuilder {
  readonly model: OnnxModel;
  readonly #weights: ReadonlyMap<string, TfjsTensor>;
  readonly #ranks = new Map<string, number>();
  readonly #written = new Set<string>();

  constructor(name: string, weights: ReadonlyMap<string, TfjsTensor>) {
    this.model = newModel(name);
    this.#weights = weights;
  }

  /** The constant of that name, if it is one. */
  constant(name: string): TfjsTensor | undefined {
    return this.#weights.get(name);
  }

  requireConstant(name: string): TfjsTensor {
    const tensor = this.constant(name);
    if (!tensor) throw new Error(`${name} is expected to be a constant`);
    return tensor;
  }

  rank(name: string): number {
    const rank = this.#ranks.get(name);
    if (rank === undefined) throw new Error(`the value ${name} is used before it is computed`);
    return rank;
  }

  emit(
    op: string,
    input: readonly string[],
    output: string,
    rank: number,
    attributes: Parameters<typeof node>[3] = {},
  ): string {
    this.model.graph.node.push(node(op, input, [output], attributes));
    return this.declare(output, rank);
  }

  declare(name: string, rank: number): string {
    this.#ranks.set(name, rank);
    return name;
  }

  /** Adds a float initializer once and returns its name. */
  floats(name: string, shape: readonly number[], values: Float32Array | Int32Array): string {
    if (!this.#written.has(name)) {
      this.#written.add(name);
      this.model.graph.initializer.push(floatTensor(name, shape, Float32Array.from(values)));
    }
    return name;
  }

  integers(name: string, values: readonly number[]): string {
    this.model.graph.initializer.push(int64Tensor(name, values));
    return name;
  }

  /** A value as TFJS has it: rank 4 is turned back to NHWC, all else is that already. */
  toTfjsLayout(name: string): string {
    if (this.rank(name) !== 4) return name;
    return this.emit('Transpose', [name], `${name}/nhwc`, 4, { perm: [0, 2, 3, 1] });
  }
}

/** Reorders the axes of a row-major tensor, as numpy's transpose does. */
export function transpose(
  tensor: TfjsTensor,
  axes: readonly number[],
): { shape: number[]; values: Float32Array } {
  const shape = axes.map((a) => tensor.shape[a] as number);
  const strides = tensor.shape.map((_, i) => tensor.shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const steps = axes.map((a) => strides[a] as number);
  const values = new Float32Array(tensor.values.length);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    values[to] = tensor.values[from] as number;
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d]! += 1;
      from += steps[d]!;
      if (index[d]! < shape[d]!) break;
      from -= steps[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return { shape, values };
}
