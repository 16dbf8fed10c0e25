import { writeKernel } from '@openfrs/kernels';
import { kernelSource, sharedKernelSource } from './source.ts';

// npm run build:kernel -w packages/search
await writeKernel(kernelSource, new URL('./wasm.generated.ts', import.meta.url));
await writeKernel(sharedKernelSource, new URL('./wasm-shared.generated.ts', import.meta.url));
