import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

/** A package's WebAssembly kernel: a folder in which everything is AssemblyScript, beginning at its index.ts. */
export interface KernelSource {
  /** The package's folder in packages/. */
  readonly name: string;
  readonly folder: URL;
  /** Pages of 64 KB that a memory must have to be taken. */
  readonly leastPages: number;
  /** Is its memory shared among threads? Such a kernel takes no other. */
  readonly isShared?: boolean;
}

/** 4 GB: a memory that is shared must state a largest size no larger than this. */
const mostPages = 65_536;

/**
 * Compiles a kernel (development only). The same sources and the pinned compiler give the same bytes.
 * @throws Error with the compiler's messages
 */
export async function compileKernel({
  folder,
  leastPages,
  isShared = false,
}: KernelSource): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const messages: string[] = [];
  const { error } = await main(
    [
      'index.ts',
      ...['--baseDir', fileURLToPath(folder)],
      ...['--outFile', 'kernel.wasm'],
      ...['--runtime', 'stub'],
      ...['--optimizeLevel', '3'],
      ...['--initialMemory', String(leastPages)],
      ...['--enable', 'simd'],
      ...(isShared ? ['--enable', 'threads', '--sharedMemory', '--maximumMemory', String(mostPages)] : []),
      '--importMemory',
      '--noExportMemory',
      '--converge',
      '--noAssert',
    ],
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
