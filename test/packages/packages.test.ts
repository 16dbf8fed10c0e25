import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { modelsDir } from '@openfrs/models';
import { packPackages } from '@openfrs/publishing';
import { amount } from '@openfrs/testing/sample';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { smallPhoto } from '../support/small-photos.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'openfrs-packages-'));
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Of its own: nothing of this repository, of the shell's settings and of npm's run scripts. */
async function shell(script: string, cwd: string): Promise<string> {
  const { PATH, HOME } = process.env;
  // The models are those of the other tests: what builds them is tested there.
  const env = { PATH, HOME, FRS_MODELS_DIR: modelsDir(), FRS_DATA_DIR: join(dir, 'data'), PORT: '18190' };
  return (await promisify(execFile)('bash', ['-c', `set -e\n${script}`], { cwd, env, maxBuffer: 1e8 }))
    .stdout;
}

/** The library of three platforms is 156 MB to pack and to unpack: a run takes this one's, the night all. */
const platforms = amount(1, 3) === 3 ? undefined : [`${process.platform}/${process.arch}`];

let server = '';
let client = '';
beforeAll(async () => {
  [server, client] = await packPackages(root, join(dir, 'tarballs'), { platforms });
});

describe('@openfrs/client', () => {
  const folder = join(dir, 'client');
  beforeAll(async () => {
    await mkdir(folder);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    await shell(`npm install --prefer-offline --no-audit --no-fund '${client}'`, folder);
  });

  test('is what publint and Are the types wrong? ask for', async () => {
    await shell(`'${root}node_modules/.bin/publint' run --strict '${client}'`, folder);
    await shell(`'${root}node_modules/.bin/attw' --profile esm-only '${client}'`, folder);
  });

  test('is imported by plain JavaScript, by strict TypeScript and by a bundler, and by one name only', async () => {
    const credentials = "{ ak: 'AK', sk: 'SK' }";
    const make = `frsClient({ endpoint: 'https://frs.example.com', projectId: 'p', credentials: ${credentials} })`;
    const use = `import { frsClient, FrsApiError } from '@openfrs/client';\nconst client = ${make};\n`;
    writeFileSync(
      join(folder, 'plain.js'),
      `${use}console.log(typeof client.faceDetect, FrsApiError.name);\n`,
    );
    expect(await shell('node plain.js', folder)).toBe('function FrsApiError\n');

    const typed = `${use}const { faces } = await client.faceDetect({ image_base64: '' });\nexport const width: number | undefined = faces[0]?.bounding_box.width;\n`;
    const wrong = `${typed}client.faceDetect({ image: '' });\n`;
    writeFileSync(join(folder, 'typed.ts'), typed);
    writeFileSync(join(folder, 'wrong.ts'), wrong);
    const tsc = `'${root}node_modules/.bin/tsc' --noEmit --strict --exactOptionalPropertyTypes --module nodenext --target es2022 --lib es2023,dom --types ''`;
    await shell(`${tsc} typed.ts`, folder);
    await expect(shell(`${tsc} wrong.ts`, folder)).rejects.toThrow();

    const esbuild = `'${root}node_modules/.bin/esbuild'`;
    await shell(`${esbuild} plain.js --bundle --format=esm --platform=browser --outfile=out.js`, folder);
    expect(await shell('node out.js', folder)).toBe('function FrsApiError\n');

    const inner =
      "import('@openfrs/client/dist/client.js').then(() => console.log('open'), ({ code }) => console.log(code))";
    expect(await shell(`node -e "${inner}"`, folder)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });
});

test('openfrs is installed into an empty folder, serves, and finds a face', async () => {
  const folder = join(dir, 'server');
  await mkdir(join(folder, 'photos'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  for (const n of [2, 3, 4] as const) writeFileSync(join(folder, 'photos', `sample${n}.jpg`), smallPhoto(n));
  writeFileSync(join(folder, 'someone.jpg'), smallPhoto(1));
  await shell(`npm install --prefer-offline --no-audit --no-fund '${server}'`, folder);
  const printed = await shell(
    `
    ./node_modules/.bin/openfrs serve > log 2>&1 & server=$!
    trap 'kill $server; wait' EXIT
    for i in $(seq 600); do grep -q 'serves at' log && break; kill -0 $server || { cat log; exit 1; }; sleep 0.2; done
    npx openfrs account create acme --user ann --project cn-north-4 --json > account.json
    field() { node -p "JSON.parse(require('fs').readFileSync('account.json', 'utf8')).$1"; }
    export FRS_ENDPOINT=http://127.0.0.1:$PORT FRS_PROJECT_ID=$(field projectId) FRS_AK=$(field ak) FRS_SK=$(field sk)
    npx openfrs enrol photos --set people --create
    npx openfrs search someone.jpg --set people`,
    folder,
  );
  expect(printed).toMatch(/sample3/);

  const installed = (file: string) => readFileSync(join(folder, 'node_modules/openfrs', file), 'utf8');
  const { dependencies } = JSON.parse(installed('package.json')) as { dependencies: Record<string, string> };
  const bundled = [...installed('NOTICES.md').matchAll(/^## (\S+) \d+\.\d+\.\S+$/gm)].map(
    ([, name = '']) => name,
  );
  expect(bundled).toEqual(expect.arrayContaining(['@aws-sdk/client-s3', 'hono', 'zod']));
  expect(Object.keys(dependencies).filter((name) => bundled.includes(name))).toEqual([]);
});
