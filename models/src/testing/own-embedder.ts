import { encodeModel, FLOAT, floatTensor, newModel, node, value } from '../build/onnx/model.ts';
import { sha256 } from '../runtime/cache.ts';

/** A network of one's own: `dimension` numbers, each a colour's mean over the picture. */
export function ownNetwork(dimension = 64): Uint8Array {
  const model = newModel('own');
  model.graph.input.push(value('image', FLOAT, [1, 3, 8, 8]));
  model.graph.output.push(value('features', FLOAT, [1, dimension]));
  const weights = Float32Array.from({ length: dimension * 3 }, (_, i) =>
    Math.floor(i / 3) % 3 === i % 3 ? 1 : 0,
  );
  model.graph.initializer.push(floatTensor('w', [dimension, 3, 1, 1], weights));
  model.graph.node.push(
    node('Conv', ['image', 'w'], ['c'], { kernel_shape: [1, 1] }),
    node('GlobalAveragePool', ['c'], ['p']),
    node('Flatten', ['p'], ['features'], { axis: 1 }),
  );
  return encodeModel(model);
}

/**
 * A file in the form of a published embedder: 112 × 112 pixels in, 128 numbers out, each a colour's mean.
 * @param first nodes that the graph begins with, with no effect
 */
export function embedderFile(first: readonly ('Sub' | 'Mul')[]): Uint8Array {
  const model = newModel('embedder');
  model.graph.input.push(value('data', FLOAT, [1, 3, 112, 112]));
  model.graph.output.push(value('fc1', FLOAT, [1, 128]));
  const weights = Float32Array.from({ length: 128 * 3 }, (_, i) => (Math.floor(i / 3) % 3 === i % 3 ? 1 : 0));
  model.graph.initializer.push(
    floatTensor('w', [128, 3, 1, 1], weights),
    floatTensor('Sub', [1], new Float32Array([0])),
    floatTensor('Mul', [1], new Float32Array([1])),
  );
  const names = ['data', ...first.map((type) => `${type}_out`)];
  model.graph.node.push(
    ...first.map((type, i) => node(type, [names[i]!, type], [names[i + 1]!])),
    node('Conv', [names.at(-1)!, 'w'], ['c'], { kernel_shape: [1, 1] }),
    node('GlobalAveragePool', ['c'], ['p']),
    node('Flatten', ['p'], ['fc1'], { axis: 1 }),
  );
  return encodeModel(model);
}

/** Its entry, as an operator writes it; not calibrated. */
export function ownEntry(bytes: Uint8Array, dimension = 64) {
  return {
    id: 'own-net',
    role: 'embedder',
    architecture: 'embedding',
    description: 'A network of our own.',
    file: 'own-net.onnx',
    origin: { from: 'file', project: 'ours', file: 'own.onnx', sha256: sha256(bytes) },
    licence: { spdx: 'Apache-2.0', training: 'none' },
    convert: { format: 'onnx', pixels: { order: 'bgr', mean: [0, 0, 0], scale: [1, 1, 1] } },
    input: { name: 'pixels', shape: ['batch', 8, 8, 3] },
    crop: { kind: 'aligned', template: 'arcface' },
    outputs: [{ name: 'embedding', source: 'features', shape: ['batch', dimension], meaning: 'means' }],
    embedder: { dimension },
  };
}

/** A calibration of one's own. */
export const ownCalibration = {
  cosineAtFar1e4: 0.5,
  calibration: [{ far: 1e-4, cosine: 0.5, similarity: 0.93 }],
};
