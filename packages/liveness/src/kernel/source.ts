import type { KernelSource } from '@openfrs/kernels';

/** What the kernel is built from (development only). */
export const kernelSource: KernelSource = {
  name: 'liveness',
  folder: new URL('../../kernel/', import.meta.url),
  leastPages: 1,
};
