import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { beginDrawing } from './annotated-photos.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openfrs-annotated-'));
  await mkdir(join(folder, 'photos'));
  await writeFile(join(folder, 'photos', 'a.jpg'), 'original');
  await symlink(join(folder, 'photos'), join(folder, 'link'));
});
afterEach(() => rm(folder, { recursive: true }));

const begin = (
  paths: readonly string[],
  wanted: { readonly annotate?: string; readonly html?: string; readonly force?: boolean },
) => {
  const at = (path: string | undefined) => (path === undefined ? undefined : join(folder, path));
  const { annotate, html, force = false } = wanted;
  const named = paths.map((path) => join(folder, path));
  const files = [join(folder, 'photos', 'a.jpg')];
  return beginDrawing(named, files, { annotate: at(annotate), html: at(html), force }, 'Faces');
};

it.each([
  ['the photo itself', ['photos/a.jpg'], { annotate: 'photos/a.jpg' }, 'one of the photos'],
  ['its folder', ['photos/a.jpg'], { annotate: 'photos' }, 'one of the photos'],
  ['its folder by a link', ['photos'], { annotate: 'link' }, 'one of the photos'],
  ['the photo, as a page', ['photos/a.jpg'], { html: 'link/a.jpg' }, 'one of the photos'],
  ['a folder that the next run would read', ['photos'], { annotate: 'link/new/out' }, 'Name a place outside'],
] as const)('never draws over %s, whatever is forced', async (_, paths, wanted, message) => {
  for (const force of [false, true])
    await expect(begin(paths, { ...wanted, force })).rejects.toThrow(message);
  expect(await readFile(join(folder, 'photos', 'a.jpg'), 'utf8')).toBe('original');
  expect(await readdir(join(folder, 'photos'))).toEqual(['a.jpg']);
});

it('replaces a file of an earlier run only where it is told to', async () => {
  await mkdir(join(folder, 'out'));
  await writeFile(join(folder, 'out', 'a.jpg'), 'before');
  await writeFile(join(folder, 'page.html'), 'before');
  for (const wanted of [{ annotate: 'out' }, { annotate: 'out/a.jpg' }, { html: 'page.html' }])
    await expect(begin(['photos'], wanted)).rejects.toThrow('exists already: --force replaces it');
  const drawing = await begin(['photos'], { html: 'page.html', force: true });
  await drawing.end();
  expect(await readFile(join(folder, 'page.html'), 'utf8')).toBe('before');
});

it('has a page hold each photo at once, also one that is gone meanwhile', async () => {
  const drawing = await begin(['photos'], { html: 'new/page.html' });
  const page = () => readFile(join(folder, 'new', 'page.html'), 'utf8');
  const photo = (name: string) => ({ file: join(folder, name), marks: [], rows: [{ result: name }] });
  await drawing.add(photo('gone.jpg'));
  expect(await page()).toMatch(/No picture.*<td>gone.jpg<\/td>/);
  await drawing.add(photo('photos/a.jpg'));
  await drawing.end();
  expect(await page()).toMatch(/gone.jpg.*<td>photos\/a.jpg<\/td>.*<\/html>\n$/s);
});
