import { writeFile } from 'node:fs/promises';
import { compileKernel } from './compile.ts';

// npm run build:kernel -w packages/search
const wasm = await compileKernel();
const text = Buffer.from(wasm)
  .toString('base64')
  .replace(/.{100}/g, "$&' +\n  '");
await writeFile(
  new URL('./wasm.generated.ts', import.meta.url),
  `// Built from packages/search/kernel by \`npm run build:kernel -w packages/search\`; not to be edited.\nexport const kernelWasm =\n  '${text}';\n`,
);
