import { ModelMessage } from './schema.ts';

/** ONNX's TensorProto.DataType, the ones that occur. */
export const FLOAT = 1;
export const UINT8 = 2;
export const INT64 = 7;

/** ONNX's AttributeProto.AttributeType, the ones that occur. */
const ATTRIBUTE = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;

export interface OnnxTensor {
  name?: string;
  dims: bigint[];
  data_type: number;
  raw_data?: Uint8Array;
  float_data?: number[];
  int64_data?: bigint[];
}
interface OnnxAttribute {
  name: string;
  type: number;
  f?: number;
  i?: bigint;
  s?: Uint8Array;
  t?: OnnxTensor;
  floats?: number[];
  ints?: bigint[];
}
export interface OnnxNode {
  op_type: string;
  name?: string;
  input: string[];
  output: string[];
  attribute: OnnxAttribute[];
}
export interface OnnxValue {
  name: string;
  type: { tensor_type: { elem_type: number; shape: { dim: { dim_value?: bigint; dim_param?: string }[] } } };
}
interface OnnxGraph {
  name: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValue[];
  output: OnnxValue[];
}
export interface OnnxModel {
  ir_version: bigint;
  producer_name?: string;
  opset_import: { domain?: string; version: bigint }[];
  graph: OnnxGraph;
}

/** A dimension: a number, or the name of one that is free. */
export type Dim = number | string;

/** Reads an ONNX file. Throws when the bytes are not one. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const model = ModelMessage.toObject(ModelMessage.decode(bytes), { longs: BigInt, arrays: true });
  if (!model.graph?.node?.length) throw new Error('not an ONNX model');
  // Shapes of the values in between are hints that a changed graph would contradict.
  delete model.graph.value_info;
  return model as OnnxModel;
}

/** Writes an ONNX file: the same model gives the same bytes everywhere (fields in order of their numbers). */
export function encodeModel(model: OnnxModel): Uint8Array {
  return ModelMessage.encode(ModelMessage.fromObject(model)).finish();
}

export function newModel(graphName: string): OnnxModel {
  return {
    ir_version: 8n,
    producer_name: 'openfrs',
    opset_import: [{ domain: '', version: 18n }],
    graph: { name: graphName, node: [], initializer: [], input: [], output: [] },
  };
}

export function floatTensor(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  return { name, dims: dims.map(BigInt), data_type: FLOAT, raw_data: floatBytes(values) };
}

export function int64Tensor(name: string, values: readonly number[]): OnnxTensor {
  const raw = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, i) => {
    raw.setBigInt64(i * 8, BigInt(value), true);
  });
  return { name, dims: [BigInt(values.length)], data_type: INT64, raw_data: new Uint8Array(raw.buffer) };
}

/** The numbers of a float or int64 tensor, whichever of ONNX's ways they are stored in. */
export function tensorValues(tensor: OnnxTensor): Float32Array | number[] {
  const raw = tensor.raw_data;
  if (tensor.data_type === FLOAT) {
    if (!raw?.length) return Float32Array.from(tensor.float_data ?? []);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    return Float32Array.from({ length: raw.byteLength / 4 }, (_, i) => view.getFloat32(i * 4, true));
  }
  if (tensor.data_type === INT64) {
    if (!raw?.length) return (tensor.int64_data ?? []).map(Number);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    return Array.from({ length: raw.byteLength / 8 }, (_, i) => Number(view.getBigInt64(i * 8, true)));
  }
  throw new Error(`tensor ${tensor.name} has the unexpected data type ${tensor.data_type}`);
}

/** Little-endian bytes of float32 numbers, as ONNX stores them on every machine. */
export function floatBytes(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return new Uint8Array(view.buffer);
}

export function value(name: string, elementType: number, dims: readonly Dim[]): OnnxValue {
  const dim = dims.map((d) => (typeof d === 'number' ? { dim_value: BigInt(d) } : { dim_param: d }));
  return { name, type: { tensor_type: { elem_type: elementType, shape: { dim } } } };
}

type AttributeValue = number | string | readonly number[] | { readonly float: number };

/** A node with its attributes: integers, lists of integers, strings, or `{float}`. */
export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OnnxNode {
  return {
    op_type: opType,
    name: output[0] ?? opType,
    input: [...input],
    output: [...output],
    attribute: Object.entries(attributes).map(([name, v]) => attribute(name, v)),
  };
}

function attribute(name: string, v: AttributeValue): OnnxAttribute {
  if (typeof v === 'number') return { name, type: ATTRIBUTE.int, i: BigInt(v) };
  if (typeof v === 'string') return { name, type: ATTRIBUTE.string, s: new TextEncoder().encode(v) };
  if ('float' in v) return { name, type: ATTRIBUTE.float, f: v.float };
  return { name, type: ATTRIBUTE.ints, ints: v.map(BigInt) };
}
