import type { KernelSource } from '@openfrs/kernels';

/** What the kernel over memories of one thread is built from (development only). */
export const kernelSource: KernelSource = {
  name: 'search',
  folder: new URL('../../kernel/', import.meta.url),
  leastPages: 0,
};

/** The same over memories that threads share. */
export const sharedKernelSource: KernelSource = { ...kernelSource, isShared: true };
