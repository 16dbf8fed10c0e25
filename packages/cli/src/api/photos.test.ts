import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { photosOf } from './photos.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'openfrs-photos-'));
  folder = join(root, 'people');
  for (const path of ['people/ann', 'elsewhere/bea']) await mkdir(join(root, path), { recursive: true });
  for (const file of ['people/ann/1.jpg', 'people/ann/notes.txt', 'people/ann/.2.jpg', 'elsewhere/bea/1.PNG'])
    await writeFile(join(root, file), '');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const found = async () => (await photosOf([folder])).map((file) => relative(folder, file));

it('photos are found by their names in folders at any depth, hidden ones left out', async () => {
  expect(await found()).toEqual([join('ann', '1.jpg')]);
});

it('links to folders and photos are followed, once', async () => {
  await symlink(join(root, 'elsewhere', 'bea'), join(folder, 'bea'));
  await symlink(join(folder, 'ann', '1.jpg'), join(folder, 'cid.jpg'));
  await symlink(root, join(folder, 'ann', 'round'));
  await symlink(join(root, 'nothing'), join(folder, 'lost.jpg'));
  expect(await found()).toEqual([
    join('ann', '1.jpg'),
    join('ann', 'round', 'elsewhere', 'bea', '1.PNG'),
    join('bea', '1.PNG'),
    'cid.jpg',
  ]);
});

it('a folder without a photo is said to be one, and a name that is nothing', async () => {
  await rm(join(folder, 'ann', '1.jpg'));
  await expect(photosOf([folder])).rejects.toThrow(`There is no JPEG, PNG or BMP file in ${folder}.`);
  await expect(photosOf([join(root, 'absent')])).rejects.toThrow('There is no file or folder');
});
