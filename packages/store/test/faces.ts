import type { FieldSchema } from '@openfrs/contract';
import type { FaceSetSpec, NewFace } from '@openfrs/core';

const schema = {
  age: 'integer',
  ref: 'long',
  score: 'double',
  name: 'string',
  vip: 'boolean',
} as const;

const dimension = 64;

export function spec(name: string, more: Partial<FaceSetSpec> = {}): FaceSetSpec {
  const fields: FieldSchema = schema;
  return { name, capacity: 10_000, fields, model: 'test-model', dimension, ...more };
}

/** A unit vector that depends on the seed only. */
export function vector(seed: number, length = dimension): Float32Array {
  let state = (seed + 1) * 2654435761;
  const values = Array.from({ length }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
  const norm = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / norm);
}

export function face(seed: number, more: Partial<NewFace> = {}): NewFace {
  return {
    box: { topLeftX: seed, topLeftY: 2, width: 30, height: 40 },
    externalImageId: `image${seed}`,
    fields: {},
    vector: vector(seed),
    ...more,
  };
}
