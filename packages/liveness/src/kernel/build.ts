import { writeKernel } from '@openfrs/kernels';
import { kernelSource } from './source.ts';

// npm run build:kernel -w packages/liveness
await writeKernel(kernelSource, new URL('./wasm.generated.ts', import.meta.url));
