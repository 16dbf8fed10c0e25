import { compileKernel } from '@openfrs/kernels';
import { expect, it } from 'vitest';
import { randomFrom, randomVector } from '../../test/support.ts';
import { dot } from '../cosine.ts';
import { alongAxes } from '../rotation.ts';
import { Kernel, workBytes } from './kernel.ts';
import { kernelSource, sharedKernelSource } from './source.ts';
import { kernelWasm } from './wasm.generated.ts';
import { kernelWasm as sharedKernelWasm } from './wasm-shared.generated.ts';

it.each([
  [kernelSource, kernelWasm],
  [sharedKernelSource, sharedKernelWasm],
])(
  'is what its sources compile to, byte for byte (else: npm run build:kernel -w packages/search)',
  async (source, wasm) => {
    expect(Buffer.from(await compileKernel(source)).toString('base64')).toBe(wasm);
  },
);

it.each([
  ['', 'ef46db3751d8e999'],
  ['a', 'd24ec4f1a98c6e5b'],
  ['abc', '44bc2cf5ad770999'],
  ['Nobody inspects the spammish repetition', 'fbcea83c8a378bf1'],
])('hashes %j as the XXH64 of other implementations does', (text, hash) => {
  const kernel = new Kernel(64);
  new Uint8Array(kernel.buffer, workBytes).set(Buffer.from(text));
  expect(kernel.hash(text.length, [[workBytes, text.length]]).toString(16)).toBe(hash);
});

it.each([64, 99, 101, 102, 192])(
  'sums %i products in double precision exactly as JavaScript does',
  (dimension) => {
    const random = randomFrom(dimension);
    const kernel = new Kernel(dimension * 40);
    const vectors = new Float32Array(kernel.buffer, workBytes, dimension * 10);
    for (let row = 0; row < 10; row += 1) vectors.set(randomVector(dimension, random), row * dimension);
    const query = randomVector(dimension, random);
    const products = kernel.rescore(workBytes, Int32Array.from([7, 0, 7, 3]), query);
    const expected = [7, 0, 7, 3].flatMap((row) => {
      const vector = vectors.slice(row * dimension, (row + 1) * dimension);
      return [dot(query, vector), dot(vector, vector)];
    });
    expect([...products]).toEqual(expected);
  },
);

it.each([64, 99, 102, 192])(
  'turns a vector of %i dimensions in double precision, as JavaScript does',
  (dimension) => {
    const random = randomFrom(dimension);
    const kernel = new Kernel(dimension ** 2 * 4);
    const matrix = new Float32Array(kernel.buffer, workBytes, dimension ** 2);
    for (let axis = 0; axis < dimension; axis += 1)
      matrix.set(randomVector(dimension, random), axis * dimension);
    const vector = randomVector(dimension, random);
    const own = Float64Array.from(vector, (value) => value / 3);
    const rotation = {
      planes: [dimension, 0, 0],
      matrix,
      spreads: new Float32Array(dimension).fill(1),
    } as const;
    const turned = kernel.turn(workBytes, own);
    expect([...turned]).toEqual([...alongAxes(rotation, vector, 3)]);
    expect([...alongAxes({ ...rotation, turn: (some) => kernel.turn(workBytes, some) }, vector, 3)]).toEqual([
      ...turned,
    ]);
  },
);

it.each([false, true])('frees the memory of what is no longer referenced; shared: %s', async (isShared) => {
  const before = process.memoryUsage().rss;
  let peak = 0;
  for (let round = 0; round < 20; round += 1) {
    const kernel = new Kernel(100_000_000, isShared);
    // V8 decides by the whole; a quarter is in use.
    new Uint8Array(kernel.buffer, 0, 25_000_000).fill(1);
    peak = Math.max(peak, process.memoryUsage().rss - before);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(peak).toBeLessThan(350_000_000);
});
