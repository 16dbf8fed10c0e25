import { fileURLToPath } from 'node:url';
import { modelsDir } from '@openfrs/models';
import { buildLayers, unzippedLimit } from './build.ts';

/** `npm run layers [-- arm64|x64]`: builds the layers into `.layers/` and says what they weigh. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const asked = process.argv.slice(2);
const cpus = (['arm64', 'x64'] as const).filter((cpu) => asked.length === 0 || asked.includes(cpu));
const progress = (line: string) => process.stderr.write(`${line}\n`);
const built = await buildLayers(root, `${root}.layers`, cpus, progress, modelsDir(process.env));
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
for (const { name, zipped, unzipped } of built) {
  process.stdout.write(
    `${name.padEnd(14)} ${megabytes(zipped).padStart(9)} zipped ${megabytes(unzipped).padStart(9)} unzipped\n`,
  );
}
for (const cpu of cpus) {
  const sum = built
    .filter(({ name }) => !name.startsWith('native-') || name === `native-${cpu}`)
    .reduce((total, { unzipped }) => total + unzipped, 0);
  process.stdout.write(`all for ${cpu.padEnd(6)} ${megabytes(sum)} of ${megabytes(unzippedLimit)}\n`);
  if (sum > unzippedLimit) throw new Error(`The layers for ${cpu} are larger than Lambda allows.`);
}
