/**
 * An ONNX model (protocol buffers, onnx.proto3 of ONNX 1.16) with two nodes: scores = vectors [n, dim] × query [dim, 1],
 * then the `top` highest of them and their rows.
 */
export function matMulTopK(n: number, dim: number, top: number): Uint8Array {
  const k = message([varint(1, 1)], [varint(2, 7)], [bytes(8, 'k')], [bytes(9, int64(top))]);
  const axis = message([bytes(1, 'axis')], [varint(3, 0)], [varint(20, 2)]);
  const graph = message(
    [bytes(1, node('MatMul', ['vectors', 'query'], ['scores']))],
    [bytes(1, node('TopK', ['scores', 'k'], ['values', 'rows'], axis))],
    [bytes(2, 'search')],
    [bytes(5, k)],
    [bytes(11, tensorInfo('vectors', 1, [n, dim]))],
    [bytes(11, tensorInfo('query', 1, [dim, 1]))],
    [bytes(12, tensorInfo('values', 1, [top, 1]))],
    [bytes(12, tensorInfo('rows', 7, [top, 1]))],
  );
  return message([varint(1, 8)], [bytes(8, message([varint(2, 18)]))], [bytes(7, graph)]);
}

function node(type: string, inputs: string[], outputs: string[], attribute?: Uint8Array): Uint8Array {
  return message(
    inputs.map((name) => bytes(1, name)),
    outputs.map((name) => bytes(2, name)),
    [bytes(4, type)],
    attribute ? [bytes(5, attribute)] : [],
  );
}

function tensorInfo(name: string, type: number, shape: readonly number[]): Uint8Array {
  const dims = shape.map((size) => bytes(1, message([varint(1, size)])));
  const tensor = message([varint(1, type)], [bytes(2, message(dims))]);
  return message([bytes(1, name)], [bytes(2, message([bytes(1, tensor)]))]);
}

function message(...fields: Uint8Array[][]): Uint8Array {
  return Buffer.concat(fields.flat());
}

function varint(field: number, value: number): Uint8Array {
  return Buffer.from([...encoded(field * 8), ...encoded(value)]);
}

function bytes(field: number, value: string | Uint8Array): Uint8Array {
  const content = Buffer.from(value);
  return Buffer.concat([Buffer.from([...encoded(field * 8 + 2), ...encoded(content.length)]), content]);
}

function encoded(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...encoded(Math.floor(value / 128))];
}

function int64(value: number): Uint8Array {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(BigInt(value));
  return buffer;
}
