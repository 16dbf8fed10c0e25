import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ensureModels } from '@openfrs/models/ensure.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { photo } from '../../../../test/support/photos.ts';
import { run } from '../program.ts';

let folder: string;
beforeAll(async () => {
  await ensureModels();
  folder = await mkdtemp(join(tmpdir(), 'openfrs-eval-'));
  for (const [person, numbers] of [
    ['ann', [2, 4]],
    ['eve', [5]],
  ] as const) {
    await mkdir(join(folder, person));
    for (const number of numbers) await writeFile(join(folder, person, `${number}.jpg`), photo(number));
  }
});
afterAll(() => rm(folder, { recursive: true }));

async function openfrs(line: string) {
  const ran = { out: '', err: '' };
  const code = await run(line.split(' '), {
    environment: {},
    stdin: Readable.from([]),
    stdout: { write: (text: string) => (ran.out += text) },
    stderr: { write: (text: string) => (ran.err += text) },
  });
  return { code, ...ran };
}

it('models eval measures an embedder on a folder of people', async () => {
  const { code, out, err } = await openfrs(`models eval dlib-resnet --identities ${folder} --json`);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    model: 'dlib-resnet',
    sets: [{ genuine: 1, impostor: 2, pictures: 3, not_found: 0 }],
  });
  expect(err).toContain('A calibration needs 10,000 pairs');
});

it.each([
  ['models eval', '--identities'],
  ['models eval no-such-model --identities .', 'no model no-such-model'],
  ['models eval facemesh --identities FOLDER', 'facemesh is no embedder'],
  ['models eval --identities FOLDER/ann', 'at least two folders'],
  ['models eval --identities FOLDER --write', "is the manifest's"],
])('%s is refused, and why', async (line, reason) => {
  const { code, err } = await openfrs(line.replace('FOLDER', folder));
  expect(code).toBe(1);
  expect(err).toContain(reason);
});
