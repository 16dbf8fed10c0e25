import { writeFile } from 'node:fs/promises';
import { compileKernel, type KernelSource } from './compile.ts';

/** Compiles a kernel into the package's source, as text in base64. */
export async function writeKernel(source: KernelSource, file: URL): Promise<void> {
  const text = Buffer.from(await compileKernel(source))
    .toString('base64')
    .replace(/.{100}/g, "$&' +\n  '");
  const { name } = source;
  await writeFile(
    file,
    `// Built from packages/${name}/kernel by \`npm run build:kernel -w packages/${name}\`; not to be edited.\nexport const kernelWasm =\n  '${text}';\n`,
  );
}
