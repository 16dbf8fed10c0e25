import { compileKernel } from '@openfrs/kernels';
import { expect, it } from 'vitest';
import { kernelSource } from './source.ts';
import { kernelWasm } from './wasm.generated.ts';

it('is what its sources compile to, byte for byte (else: npm run build:kernel -w packages/liveness)', async () => {
  expect(Buffer.from(await compileKernel(kernelSource)).toString('base64')).toBe(kernelWasm);
});
