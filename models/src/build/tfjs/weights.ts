/** One tensor of a TFJS model: row-major, in TensorFlow's own layout (NHWC, HWIO). */
export interface TfjsTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** A weight's entry in a TFJS weights manifest (`weightsManifest` of a model.json, or a file of its own). */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, float16: 2, uint8: 1, uint16: 2 };

/**
 * Cuts a TFJS weights file into its tensors and undoes the quantisation as tfjs does (`decodeWeights`):
 * float16 widens exactly, uint8 and uint16 are `q · scale + min` in double, rounded to float32.
 * Throws when the file's length is not what the manifest adds up to.
 */
export function decodeWeights(entries: readonly WeightEntry[], file: Uint8Array): Map<string, TfjsTensor> {
  const tensors = new Map<string, TfjsTensor>();
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let offset = 0;
  for (const entry of entries) {
    const stored = entry.quantization?.dtype ?? entry.dtype;
    const width = BYTES[stored];
    if (width === undefined) throw new Error(`weight ${entry.name}: unknown type ${stored}`);
    const count = entry.shape.reduce((a, b) => a * b, 1);
    if (offset + count * width > file.byteLength) throw new Error('the weights file is too short');
    const start = offset;
    const at = (i: number) => readNumber(view, start + i * width, stored);
    const { scale = 1, min = 0 } = entry.quantization ?? {};
    const values = entry.dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = at(i) * scale + min;
    tensors.set(entry.name, { shape: entry.shape, values });
    offset += count * width;
  }
  if (offset !== file.byteLength) throw new Error('the weights file is too long');
  return tensors;
}

function readNumber(view: DataView, offset: number, type: string): number {
  if (type === 'float32') return view.getFloat32(offset, true);
  if (type === 'int32') return view.getInt32(offset, true);
  if (type === 'uint8') return view.getUint8(offset);
  const bits = view.getUint16(offset, true);
  return type === 'uint16' ? bits : halfToNumber(bits);
}

/** IEEE 754 half precision: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
