import { main } from 'assemblyscript/asc';

/** The root of the kernel's sources; everything in it is AssemblyScript. */
export const kernelRoot = new URL('../../kernel/', import.meta.url).pathname;

/**
 * Compiles packages/vision/kernel to WebAssembly (development only). The same sources and the pinned compiler give the same bytes.
 * @throws Error with the compiler's messages
 */
export async function compileKernel(): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const messages: string[] = [];
  const options = [
    '--optimizeLevel',
    '3',
    '--converge',
    '--noAssert',
    '--enable',
    'simd',
    '--runtime',
    'stub',
  ];
  const memory = ['--initialMemory', '1', '--importMemory', '--noExportMemory'];
  const { error } = await main(
    ['index.ts', '--baseDir', kernelRoot, '--outFile', 'kernel.wasm', ...options, ...memory],
    {
      stderr: { write: (text: string | Uint8Array) => messages.push(String(text)) },
      writeFile: (_name: string, content: string | Uint8Array) => {
        if (typeof content !== 'string') wasm = content;
      },
    },
  );
  if (error || !wasm) throw new Error(`The kernel does not compile: ${messages.join('')}`, { cause: error });
  return wasm;
}
