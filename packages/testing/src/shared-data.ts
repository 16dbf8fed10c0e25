import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const models = fileURLToPath(new URL('../../../../shared/models/', import.meta.url));

/** The path of something in the shared test data beside the repository; undefined where it isn't there. */
export function sharedData(sub: string): string | undefined {
  const path = `${root}${sub}`;
  return existsSync(path) ? path : undefined;
}

/** The same of a public model file that no registry has. */
export function sharedModel(file: string): string | undefined {
  return existsSync(`${models}${file}`) ? `${models}${file}` : undefined;
}

const there = sharedData('README.md') !== undefined;
if (!there)
  console.log('Tests that need the shared photos and videos are skipped: ../shared/data is not here.');

/** Tests that need the shared data; where it is missing they are skipped, and the reason is printed. */
export const describeWithData = describe.runIf(there);
export const itWithData = it.runIf(there);

if (!existsSync(models))
  console.log('Tests of models that users bring are skipped: ../shared/models is not here.');
export const describeWithModels = describe.runIf(existsSync(models));
