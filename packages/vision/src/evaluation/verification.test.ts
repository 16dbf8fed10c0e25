import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureModels } from '@openfrs/models/ensure';
import { photo, plainPicture } from '@openfrs/testing/photos';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodePicture } from '../image/decode.ts';
import { sharp } from '../image/native-sharp.ts';
import { createFacePipeline, type FacePipeline } from '../pipelines/face-pipeline.ts';
import { measureIdentities, readFlatPairs, readPairs, readPeople } from './index.ts';

let pipeline: FacePipeline;
let folder: string;

/** Each face of a photo with as much around it again, as a file. */
async function portraits(file: Buffer): Promise<Buffer[]> {
  const frame = await decodePicture(file);
  const boxes = (await pipeline.detectFaces(frame)).sort((a, b) => a.x - b.x);
  return Promise.all(
    boxes.map(({ x, y, width, height }) => {
      const left = Math.max(0, Math.round(x - width / 2));
      const top = Math.max(0, Math.round(y - height / 2));
      const area = {
        left,
        top,
        width: Math.min(width * 2, frame.width - left),
        height: Math.min(height * 2, frame.height - top),
      };
      return sharp(file).extract(area).jpeg().toBuffer();
    }),
  );
}

async function keep(person: string, number: number, file: Buffer): Promise<void> {
  await mkdir(join(folder, person), { recursive: true });
  await writeFile(join(folder, person, `${person}_000${number}.jpg`), file);
}

beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
  folder = await mkdtemp(join(tmpdir(), 'openfrs-people-'));
  const all = await portraits(photo(1));
  for (const [index, file] of all.entries()) {
    const person = `person${index}`;
    await keep(person, 1, file);
    await keep(person, 2, await sharp(file).rotate(8, { background: '#777777' }).jpeg().toBuffer());
  }
  await keep('person0', 3, plainPicture(100, 100));
  await writeFile(
    join(folder, 'pairs.txt'),
    '1\t2\nperson0\t1\t2\nperson1\t1\t2\nperson0\t1\tperson1\t1\nperson1\t2\tperson2\t2\n',
  );
});
afterAll(async () => {
  await pipeline?.close();
  await rm(folder, { recursive: true });
});

it('people in folders are told apart, pictures without a face are counted', async () => {
  const people = await readPeople(folder);
  const seen: number[] = [];
  const [all, listed] = await measureIdentities(
    pipeline,
    'photos',
    people,
    await readPairs(join(folder, 'pairs.txt'), folder),
    { onProgress: (done) => seen.push(done) },
  );
  const persons = new Set(people.map(({ person }) => person)).size;
  expect(persons).toBeGreaterThanOrEqual(3);
  const pictures = persons * 2;
  expect(all).toMatchObject({
    name: 'photos, all against all',
    genuine: persons,
    impostor: (pictures * (pictures - 1)) / 2 - persons,
    auc: 1,
    accuracy: 1,
    pictures: pictures + 1,
    not_found: 1,
    missing: ['person0/person0_0003.jpg'],
  });
  // 15 or so pairs of strangers show no rate, let alone a calibration.
  expect(all?.tar).toEqual({});
  expect(all?.calibration).toBeUndefined();
  expect(listed).toMatchObject({ name: 'photos, pairs', genuine: 2, impostor: 2, auc: 1 });
  expect(seen).toEqual(Array.from({ length: pictures + 1 }, (_, index) => index + 1));
});

it('a list of pairs with a missing picture, a line that is no pair, or none is refused before anything is measured', async () => {
  const list = join(folder, 'wrong.txt');
  const refusal = async (text: string, read = readPairs) => {
    await writeFile(list, text);
    return await read(list, folder).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  };
  expect(await refusal('1\t2\nperson0\t1\t2\nperson0\t1\tperson1\t99\nperson7\t1\t2\n')).toMatch(
    /not there.*person1_0099\.jpg and 2 others\.$/,
  );
  expect(await refusal('1\t2\nperson0\t1\t2\nperson0 1 2\n')).toMatch(/^Line 3 of .* is no pair/);
  expect(await refusal('1\t2\n')).toMatch(/lists no pair\.$/);
  expect(await refusal('a,b,c\nnobody.jpg,person0/person0_0001.jpg,Yes\n', readFlatPairs)).toMatch(
    /not there/,
  );
  expect(await refusal('a,b,c\nnobody.jpg,Yes\n', readFlatPairs)).toMatch(/^Line 2 of .* is no pair/);
});

it('people may be links to folders; fewer than two are refused', async () => {
  const links = await mkdtemp(join(tmpdir(), 'openfrs-links-'));
  try {
    await symlink(join(folder, 'person0'), join(links, 'ann'));
    await writeFile(join(links, 'notes.txt'), 'not a person');
    await expect(readPeople(links)).rejects.toThrow('at least two folders');
    await symlink(join(folder, 'person1'), join(links, 'eve'));
    const people = await readPeople(links);
    expect(people.map(({ person }) => person)).toEqual(['ann', 'ann', 'ann', 'eve', 'eve']);
  } finally {
    await rm(links, { recursive: true });
  }
});
