import { writeFile } from 'node:fs/promises';
import { compileKernel } from './compile.ts';

// npm run build:kernel -w packages/vision
const text = Buffer.from(await compileKernel())
  .toString('base64')
  .replace(/.{100}/g, "$&' +\n  '");
await writeFile(
  new URL('./wasm.generated.ts', import.meta.url),
  `// Built from packages/vision/kernel by \`npm run build:kernel -w packages/vision\`; not to be edited.\nexport const kernelWasm =\n  '${text}';\n`,
);
