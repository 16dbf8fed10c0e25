import { writeFile } from 'node:fs/promises';
import { generated } from './generated.ts';

/** `npm run generate -w packages/client`: writes what follows from the OpenAPI document. */
for (const [file, text] of await generated()) {
  await writeFile(new URL(`../generated/${file}`, import.meta.url), text);
}
