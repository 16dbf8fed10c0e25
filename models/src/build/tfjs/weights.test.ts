import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { decodeWeights, type WeightEntry } from './weights.ts';

const decoded = (entry: WeightEntry, bytes: Uint8Array) => [
  ...decodeWeights([entry], bytes).get(entry.name)!.values,
];

describe('decodeWeights', () => {
  it('undoes each quantisation as tfjs does', async () => {
    const entries: WeightEntry[] = [
      { name: 'plain', shape: [2], dtype: 'float32' },
      { name: 'index', shape: [2], dtype: 'int32' },
      { name: 'half', shape: [4], dtype: 'float32', quantization: { dtype: 'float16' } },
      {
        name: 'byte',
        shape: [3],
        dtype: 'float32',
        quantization: { dtype: 'uint8', scale: 0.0123, min: -1.5 },
      },
      {
        name: 'short',
        shape: [2],
        dtype: 'float32',
        quantization: { dtype: 'uint16', scale: 0.001, min: 2 },
      },
    ];
    const bytes = new Uint8Array(8 + 8 + 8 + 3 + 4);
    const view = new DataView(bytes.buffer);
    view.setFloat32(0, 1.25, true);
    view.setFloat32(4, -3e-20, true);
    view.setInt32(8, -7, true);
    view.setInt32(12, 1 << 20, true);
    [0x3c00, 0xc000, 0x0001, 0x7bff].forEach((half, i) => {
      view.setUint16(16 + 2 * i, half, true);
    });
    bytes.set([0, 128, 255], 24);
    view.setUint16(27, 65535, true);
    view.setUint16(29, 3, true);

    const theirs = tf.io.decodeWeights(bytes.buffer, entries as tf.io.WeightsManifestEntry[]);
    const ours = decodeWeights(entries, bytes);
    for (const { name } of entries)
      expect([...ours.get(name)!.values], name).toEqual([...(await theirs[name]!.data())]);
    expect([...ours.get('half')!.values]).toEqual([1, -2, 2 ** -24, 65504]);
  });

  it('refuses a file that is shorter or longer than its manifest', () => {
    const entry: WeightEntry = { name: 'w', shape: [3], dtype: 'float32' };
    expect(() => decoded(entry, new Uint8Array(11))).toThrow('too short');
    expect(() => decoded(entry, new Uint8Array(13))).toThrow('too long');
  });

  it('refuses a type it does not know', () => {
    expect(() => decoded({ name: 'w', shape: [1], dtype: 'complex64' }, new Uint8Array(8))).toThrow(
      'unknown type',
    );
  });
});
