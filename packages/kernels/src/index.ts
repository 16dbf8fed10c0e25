export { compileKernel, type KernelSource } from './compile.ts';
export { writeKernel } from './write.ts';
