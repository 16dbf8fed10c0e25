import { compileKernel } from '@openfrs/kernels';
import { expect, it } from 'vitest';
import { kernel } from './kernel.ts';
import { kernelSource } from './source.ts';
import { kernelWasm } from './wasm.generated.ts';

it('is what its sources compile to, byte for byte (else: npm run build:kernel -w packages/vision)', async () => {
  expect(Buffer.from(await compileKernel(kernelSource)).toString('base64')).toBe(kernelWasm);
});

it.each([
  [3, 1],
  [3, 5],
  [3, 23],
  [4, 3],
  [4, 24],
])('turns pixels of %i bytes round, %i of them', (size, count) => {
  const { run, bytes } = kernel(4096);
  for (let at = 0; at < size * count; at += 1) bytes[at] = (at * 37) % 251;
  const expected = Array.from({ length: count }, (_, pixel) => [
    ...bytes.slice(pixel * size, pixel * size + 3).reverse(),
  ]);
  run.reorder(0, count, size, 2048);
  expect([...bytes.subarray(2048, 2048 + count * 3)]).toEqual(expected.flat());
});

it('says where an index is beyond the palette', () => {
  const { run, bytes } = kernel(4096);
  bytes.set([1, 2, 3, 0, 4, 5, 6, 0]);
  bytes.set([1, 0, 2, 1], 64);
  expect(run.palette(64, 4, 0, 2, 128)).toBe(2);
  expect([...bytes.subarray(128, 134)]).toEqual([4, 5, 6, 1, 2, 3]);
});
