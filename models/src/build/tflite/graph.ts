import { ByteBuffer } from 'flatbuffers';
import { halfToNumber, type TfjsTensor } from '../tfjs/weights.ts';

/** The operations that occur (TensorFlow Lite's schema.fbs, `BuiltinOperator`). */
const operations = {
  0: 'ADD',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  17: 'MAX_POOL_2D',
  19: 'RELU',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  34: 'PAD',
} as const;
export type Operation = (typeof operations)[keyof typeof operations];

/** One operation of the graph; its values by their numbers. */
export interface TfliteNode {
  readonly op: Operation;
  readonly inputs: readonly number[];
  readonly output: number;
  /** Fields of the operation's options by their place in schema.fbs; what is absent has the default 0. */
  byte(field: number): number;
  int(field: number): number;
}

export interface TfliteGraph {
  readonly nodes: readonly TfliteNode[];
  readonly inputs: readonly number[];
  name(value: number): string;
  shape(value: number): readonly number[];
  /** A constant of the file (float32, float16 or int32). */
  constant(value: number): TfjsTensor | undefined;
}

/** Reads the one subgraph of a TensorFlow Lite file. Throws on an operation that is not known. */
export function readTflite(bytes: Uint8Array): TfliteGraph {
  const buffer = new ByteBuffer(bytes);
  const model = new Table(buffer, buffer.readInt32(0));
  const codes = model.tables(1).map((code) => Math.max(code.byte(0), code.int(3)));
  const [graph, ...others] = model.tables(2);
  if (graph === undefined || others.length > 0) throw new Error('a model of one graph is expected');
  const tensors = graph.tables(0);
  const buffers = model.tables(4);
  const tensor = (value: number) => {
    const found = tensors[value];
    if (found === undefined) throw new Error(`there is no value ${value}`);
    return found;
  };
  const nodes = graph.tables(3).map((operator): TfliteNode => {
    const code = codes[operator.int(0)] ?? -1;
    const op = operations[code as keyof typeof operations];
    if (op === undefined) throw new Error(`the operation ${code} is not known`);
    const options = operator.table(4);
    return {
      op,
      inputs: operator.ints(1),
      output: operator.ints(2)[0] as number,
      byte: (field) => options?.byte(field) ?? 0,
      int: (field) => options?.int(field) ?? 0,
    };
  });
  return {
    nodes,
    inputs: graph.ints(1),
    name: (value) => tensor(value).text(3),
    shape: (value) => tensor(value).ints(0),
    constant(value) {
      const data = buffers[tensor(value).int(2)]?.bytes(0);
      if (data === undefined || data.length === 0) return undefined;
      return { shape: tensor(value).ints(0), values: numbers(data, tensor(value).byte(1)) };
    },
  };
}

/** A flatbuffer's table: its fields by their place in the schema. */
class Table {
  readonly #buffer: ByteBuffer;
  readonly #at: number;

  constructor(buffer: ByteBuffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  byte(field: number): number {
    const at = this.#field(field);
    return at === undefined ? 0 : this.#buffer.readUint8(at);
  }

  int(field: number): number {
    const at = this.#field(field);
    return at === undefined ? 0 : this.#buffer.readInt32(at);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  table(field: number): Table | undefined {
    const at = this.#field(field);
    return at === undefined ? undefined : new Table(this.#buffer, this.#buffer.__indirect(at));
  }

  tables(field: number): Table[] {
    return this.#list(field, 4, (at) => new Table(this.#buffer, this.#buffer.__indirect(at)));
  }

  ints(field: number): number[] {
    return this.#list(field, 4, (at) => this.#buffer.readInt32(at));
  }

  bytes(field: number): Uint8Array {
    const at = this.#field(field);
    if (at === undefined) return new Uint8Array();
    const start = this.#buffer.__vector(at);
    return this.#buffer.bytes().subarray(start, start + this.#buffer.__vector_len(at));
  }

  #list<T>(field: number, width: number, read: (at: number) => T): T[] {
    const at = this.#field(field);
    if (at === undefined) return [];
    const start = this.#buffer.__vector(at);
    return Array.from({ length: this.#buffer.__vector_len(at) }, (_, index) => read(start + index * width));
  }

  /** Where the field lies; undefined where it is absent. */
  #field(field: number): number | undefined {
    const offset = this.#buffer.__offset(this.#at, 4 + 2 * field);
    return offset === 0 ? undefined : this.#at + offset;
  }
}

/** Little-endian numbers of a `TensorType`: 0 float32, 1 float16, 2 int32. */
function numbers(data: Uint8Array, type: number): Float32Array | Int32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type === 0)
    return Float32Array.from({ length: data.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
  if (type === 1)
    return Float32Array.from({ length: data.length / 2 }, (_, i) =>
      halfToNumber(view.getUint16(i * 2, true)),
    );
  if (type === 2) return Int32Array.from({ length: data.length / 4 }, (_, i) => view.getInt32(i * 4, true));
  throw new Error(`constants of the type ${type} are not known`);
}
