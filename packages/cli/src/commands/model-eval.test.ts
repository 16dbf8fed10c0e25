import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelsDir } from '@openfrs/models';
import { ensureModels } from '@openfrs/models/ensure';
import { ownEntry, ownNetwork } from '@openfrs/models/testing';
import { photo } from '@openfrs/testing/photos';
import type Sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../../../test/support/run-command.ts';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

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

const openfrs = (line: string, environment: Record<string, string> = {}) =>
  runCommand(line.split(' '), environment);

it('models eval measures an embedder on a folder of people', async () => {
  const { code, out, err } = await openfrs(`models eval dlib-resnet --identities ${folder} --json`);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    model: 'dlib-resnet',
    sets: [{ genuine: 1, impostor: 2, pictures: 3, not_found: 0 }],
  });
  expect(err).toContain('A calibration needs 10,000 pairs');
});

it('models eval shows several embedders side by side: speed, rates, groups', async () => {
  const groups = join(folder, 'groups.csv');
  await writeFile(groups, 'person,sex,group\nann,F,one\neve,F,one\n');
  const line = `models eval fr-feature-192 dlib-resnet --identities ${folder} --groups ${groups}`;
  const { code, out, err } = await openfrs(`${line} --json`);
  expect([code, err]).toEqual([0, expect.any(String)]);
  const both = JSON.parse(out);
  expect(both).toMatchObject([{ model: 'fr-feature-192' }, { model: 'dlib-resnet' }]);
  for (const { ms_per_face, verification, groups: measured } of both) {
    expect(ms_per_face).toBeGreaterThan(0);
    expect(verification).toMatchObject({ genuine: 1, impostor: 2, not_found: 0 });
    expect(measured).toEqual([]);
  }
  expect((await openfrs(`${line} --write`)).err).toContain('one model at a time');
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

/**
 * One small face in `count` colours, spread evenly around its own (a Fibonacci sphere): what looks at the colour alone takes each for
 * a person of its own.
 */
async function strangers(count: number) {
  const parent = await mkdtemp(join(tmpdir(), 'openfrs-strangers-'));
  const face = await sharp(photo(1))
    .extract({ left: 736, top: 351, width: 395, height: 393 })
    .resize(100)
    .toBuffer();
  const colour = (await sharp(face).stats()).channels.map(({ mean }) => mean);
  for (let person = 0; person < count; person += 1) {
    const z = 1 - (2 * person + 1) / count;
    const angle = person * Math.PI * (3 - Math.sqrt(5));
    const across = Math.sqrt(1 - z * z);
    const direction = [across * Math.cos(angle), across * Math.sin(angle), z];
    const light = colour.map((mean, channel) => 1 + (40 * (direction[channel] as number)) / mean);
    await mkdir(join(parent, `person${person}`));
    await sharp(face)
      .linear(light, [0, 0, 0])
      .toFile(join(parent, `person${person}`, '1.jpg'));
  }
  return { parent, colour };
}

it('models eval --write calibrates a model that was added, and only then it may be used', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-own-'));
  const { parent, colour } = await strangers(142);
  const openfrsThere = (line: string) => openfrs(line, { FRS_MODELS_DIR: dir });
  try {
    for (const file of await readdir(modelsDir())) {
      if (file.endsWith('.onnx')) await symlink(join(modelsDir(), file), join(dir, file));
    }
    const bytes = ownNetwork();
    await writeFile(join(dir, 'own'), bytes);
    const pixels = { order: 'rgb', mean: colour, scale: [1, 1, 1] };
    const entry = { ...ownEntry(bytes), convert: { format: 'onnx', pixels } };
    await writeFile(join(dir, 'entry.json'), JSON.stringify(entry));
    expect(await openfrsThere(`models add ${dir}/own --entry ${dir}/entry.json`)).toMatchObject({ code: 0 });
    const early = await openfrsThere('models use own-net');
    expect(early.code).toBe(1);
    expect(early.err).toContain('no calibration yet');

    const measured = await openfrsThere(`models eval own-net --identities ${parent} --write --json`);
    expect(measured, measured.err).toMatchObject({ code: 0 });
    const { sets } = JSON.parse(measured.out);
    expect(sets[0]).toMatchObject({ impostor: (142 * 141) / 2, not_found: 0 });

    const { added } = JSON.parse(await readFile(join(dir, 'models.json'), 'utf8'));
    expect(added[0].embedder).toMatchObject(sets[0].calibration);
    const { cosineAtFar1e4, calibration } = added[0].embedder;
    expect(calibration.map(({ far }: { far: number }) => far)).toEqual([1e-2, 1e-3, 1e-4]);
    expect(calibration.at(-1)).toMatchObject({ cosine: cosineAtFar1e4, similarity: 0.93 });
    expect(await openfrsThere('models use own-net')).toMatchObject({
      code: 0,
      err: expect.stringContaining('started again'),
    });
    expect((await openfrsThere('models list')).out).toMatch(/own-net +embedder +true/);
  } finally {
    await rm(dir, { recursive: true });
    await rm(parent, { recursive: true });
  }
});
