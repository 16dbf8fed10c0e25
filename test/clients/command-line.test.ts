import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { samePhotoFrom } from '@openfrs/contract/usual-thresholds';
import { startLocal } from '@openfrs/server';
import type Sharp from 'sharp';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../support/run-command.ts';
import { itWithData, sharedData } from '../support/shared-data.ts';
import { smallPhotoPath } from '../support/small-photos.ts';
import { nodeFrsClient } from './node-client.ts';

/* The command line as a client of the service: photos and folders of photos. */

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

type Box = Readonly<Record<'top_left_x' | 'top_left_y' | 'width' | 'height', number>>;

// Real models on what may be two busy cores.
vi.setConfig({ testTimeout: 240_000 });

const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-command-line-'));
const local = await startLocal({ dataDir, port: 0 });
afterAll(async () => {
  await local.stop();
  await rm(dataDir, { recursive: true });
});

const { credentials } = local;
const call = nodeFrsClient(
  local.endpoint,
  { ak: credentials.FRS_AK, sk: credentials.FRS_SK },
  credentials.FRS_PROJECT_ID,
);
const set = { faceSet: 'people' } as const;
const one = '/v2/{project_id}/face-sets/{face_set_name}';

const frsIn = (environment: Record<string, string>, input: string, ...argv: string[]) =>
  runCommand(argv, environment, input);
const frs = (...argv: string[]) => frsIn({ FRS_DATA_DIR: dataDir }, 'a password of my own\n', ...argv);

async function json(...argv: string[]): Promise<unknown> {
  const { out, err } = await frs(...argv, '--json');
  if (out === '') throw new Error(`${argv.join(' ')}: ${err}`);
  return JSON.parse(out);
}

it('finds the faces of photos and tells what was asked for', async () => {
  expect(await json('detect', smallPhotoPath(1), '--attributes', '2')).toMatchObject([
    {
      file: smallPhotoPath(1),
      faces: expect.arrayContaining([
        { bounding_box: expect.any(Object), attributes: { age: expect.any(Number) } },
      ]),
    },
  ]);
  expect((await frs('detect', smallPhotoPath(1))).out).toMatch(
    /^file +box\n.*sample1\.jpg +\d+×\d+\+\d+\+\d+\n/,
  );
});

it('tells photos of one person from those of two', async () => {
  expect(await json('compare', smallPhotoPath(1), smallPhotoPath(1))).toMatchObject({ same: true });
  expect(await json('compare', smallPhotoPath(1), smallPhotoPath(2))).toMatchObject({ same: false });
});

it('says what the service refused, and fails then', async () => {
  const file = join(dataDir, 'no-photo.jpg');
  await writeFile(file, 'text');
  const { code, out } = await frs('detect', file, smallPhotoPath(1));
  expect([code, out]).toEqual([1, expect.stringMatching(/no-photo\.jpg +FRS\.0016\n/)]);
  expect(await frs('detect', 'nowhere.jpg')).toMatchObject({
    code: 1,
    err: 'There is no file or folder nowhere.jpg.\n',
  });
  expect(await frs('enrol', dataDir, '--set', 'nowhere')).toMatchObject({
    code: 1,
    err: expect.stringContaining('FRS.0302'),
  });
});

describe('annotated photos', () => {
  const annotated = join(dataDir, 'annotated');
  const pixels = async (file: string) => {
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    return {
      ...info,
      at: (x: number, y: number) => [
        ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
      ],
    };
  };

  it('mark each face with a line around it, and leave the face as it is', async () => {
    const file = join(annotated, 'marked.jpg');
    const [{ faces }] = (await json('detect', smallPhotoPath(1), '--annotate', file)) as [
      { faces: { bounding_box: Box }[] },
    ];
    const [before, after] = await Promise.all([pixels(smallPhotoPath(1)), pixels(file)]);
    expect([after.width, after.height]).toEqual([before.width, before.height]);
    for (const { bounding_box: box } of faces) {
      const middle = Math.round(box.top_left_y + box.height / 2);
      const [red = 0, green = 0, blue = 0] = after.at(box.top_left_x - 2, middle);
      expect(green).toBeGreaterThan(Math.max(red, blue) + 40);
      for (const share of [0.05, 0.3, 0.5, 0.7, 0.95]) {
        const x = Math.round(box.top_left_x + share * box.width);
        const y = Math.round(box.top_left_y + share * box.height);
        const difference = after.at(x, y).map((value, at) => Math.abs(value - (before.at(x, y)[at] ?? 0)));
        expect(Math.max(...difference)).toBeLessThan(40);
      }
    }
  });

  it('of a folder are a folder and a page, with names that nobody can make into HTML', async () => {
    const photos = join(annotated, 'photos');
    await mkdir(join(photos, 'a&b'), { recursive: true });
    await copyFile(smallPhotoPath(3), join(photos, 'a&b', '<b>ann.jpg'));
    await copyFile(smallPhotoPath(5), join(photos, 'eve.jpg'));
    await writeFile(join(photos, 'text.jpg'), 'no photo');
    await frs('enrol', join(photos, 'a&b'), '--set', 'annotated', '--create');
    const [folder, page] = [join(annotated, 'out'), join(annotated, 'page.html')];
    const { out } = await frs('search', photos, '--set', 'annotated', '--annotate', folder, '--html', page);
    expect(out).toMatch(/eve\.jpg +nobody/);
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(['a&b', 'a&b/<b>ann.jpg', 'eve.jpg']);
    const html = await readFile(page, 'utf8');
    expect(html).not.toMatch(/<script|<b>|https?:/);
    expect(html.match(/src="data:image\/jpeg;base64,/g)).toHaveLength(2);
    expect(html).toContain('FRS.0016');
    expect(await frs('detect', photos, '--annotate', join(annotated, 'one.jpg'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('name a folder'),
    });
  });

  it('show what was judged of liveness', async () => {
    const [file, page] = [join(annotated, 'live.jpg'), join(annotated, 'live.html')];
    await frs('live', smallPhotoPath(1), '--annotate', file, '--html', page);
    expect((await pixels(file)).width).toBe((await pixels(smallPhotoPath(1))).width);
    expect(await readFile(page, 'utf8')).toMatch(/<th>alive<\/th><th>confidence<\/th>/);
  });
});

it('keeps a service and its key under a name, readable by the user only, until it is told to forget them', async () => {
  const environment = { FRS_DATA_DIR: join(dataDir, 'no-server'), XDG_CONFIG_HOME: join(dataDir, 'config') };
  const file = join(environment.XDG_CONFIG_HOME, 'openfrs', 'profiles.json');
  const login = (sk: string) => {
    const { FRS_PROJECT_ID, FRS_AK } = credentials;
    const of = ['--endpoint', local.endpoint, '--project-id', FRS_PROJECT_ID, '--ak', FRS_AK];
    return frsIn(environment, `${sk}\n`, 'login', ...of);
  };
  expect((await frsIn(environment, '', 'set', 'list')).err).toMatch(
    /log in to another one \(openfrs login\)/,
  );
  expect(await login('not its secret')).toMatchObject({ code: 1, err: expect.stringContaining('APIG.0301') });
  expect(await login(credentials.FRS_SK)).toMatchObject({
    code: 0,
    out: `Kept as the profile default in ${file}.\n`,
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await frsIn(environment, '', 'set', 'list')).code).toBe(0);
  const other = { ...environment, FRS_PROFILE: 'other' };
  expect((await frsIn(other, '', 'set', 'list')).err).toMatch(/^There is no profile other/);
  expect((await frsIn(environment, '', 'logout')).out).toBe('The profile default is forgotten.\n');
  expect((await frsIn(environment, '', 'set', 'list')).code).toBe(1);
});

it('makes a face set with fields, keeps its faces, and deletes both', async () => {
  const made = await json(
    'set',
    'create',
    'staff',
    '--capacity',
    '20000',
    '--field',
    'site:string',
    'badge:long',
  );
  expect(made).toMatchObject({
    face_set_name: 'staff',
    face_set_capacity: 20000,
    external_fields: { badge: { type: 'long' } },
  });
  expect((await frs('set', 'list')).out).toMatch(/^name +faces +capacity +fields/);
  const of = ['--set', 'staff'];
  const fields = ['--field', 'site=berlin', 'badge=9007199254740993'];
  const added = await frs(
    'face',
    'add',
    smallPhotoPath(3),
    ...of,
    '--image-id',
    'ann',
    ...fields,
    '--single',
    '--json',
  );
  expect(added.out).toMatch(
    /"badge":9007199254740993,"site":"berlin"|"site":"berlin","badge":9007199254740993/,
  );
  const [{ face_id }] = JSON.parse(added.out) as [{ face_id: string }];
  expect(await json('face', 'update', face_id, ...of, '--image-id', 'bea', '--field', 'badge=7')).toEqual({
    changed: 1,
  });
  expect((await frs('face', 'show', face_id, ...of)).out).toMatch(
    /image +bea\nfields +site=berlin, badge=7\n/,
  );
  expect(await json('set', 'show', 'staff')).toMatchObject({ face_number: 1 });
  expect(await json('face', 'delete', ...of, '--filter', 'badge:[1 TO 9]')).toEqual({ deleted: 1 });
  expect(await frs('face', 'list', ...of)).toEqual({ code: 0, out: '', err: 'No face there.\n' });
  expect((await frs('set', 'delete', 'staff')).out).toBe('The face set staff is deleted.\n');
});

it('says what a field takes before anything is sent', async () => {
  await frs('set', 'create', 'typed', '--field', 'age:integer');
  const add = async (field: string) =>
    (await frs('face', 'add', smallPhotoPath(3), '--set', 'typed', '--field', field)).err;
  expect(await add('age=old')).toBe('The field age takes values of type integer: old\n');
  expect(await add('size=3')).toBe('A field is name=value, of the fields of typed (age): size=3\n');
  expect((await frs('set', 'create', 'wrong', '--field', 'age:number')).err).toMatch(
    /^A field is name:type, with a type of /,
  );
  expect((await frs('face', 'delete', '--set', 'typed')).err).toMatch(/^Say which with one of/);
});

it('judges whether a photo shows a live person, and fails where it does not', async () => {
  const { code, out } = await frs('live', smallPhotoPath(1));
  expect(out).toMatch(/^alive +(true|false)\nconfidence +[\d.]+\n$/);
  expect(code).toBe(/^alive +true/.test(out) ? 0 : 1);
  expect(await frs('live', smallPhotoPath(1), '--actions', '1')).toMatchObject({
    code: 1,
    err: expect.stringContaining('FRS.07'),
  });
});

itWithData('tells why a video was judged as it was', async () => {
  const video = sharedData('videos/derived/cap12_open_mouth.mp4') ?? '';
  const page = join(dataDir, 'report.html');
  const report = await json('live-report', video, '--actions', '4', '--html', page);
  expect(report).toMatchObject({
    judgement: { alive: true, actions: [{ action: 4 }] },
    frames: expect.any(Array),
  });
  expect(await readFile(page, 'utf8')).toContain('<h1>Alive</h1>');
  expect(await frs('live-report', video, '--actions', '1')).toMatchObject({
    code: 0,
    err: expect.stringMatching(
      /^Not alive.*\nFailed: action 1 \(\d\.\d\d, limit 1\)\. Turn your head further to your left/,
    ),
  });
  expect(await frs('live-report', smallPhotoPath(1), '--actions', '9')).toMatchObject({
    code: 1,
    err: expect.stringContaining('FRS.0702'),
  });
});

describe('enrolling a folder', () => {
  const folder = join(dataDir, 'photos');
  const stored = async () => {
    const { face_set_info: info } = await call({ ...set, method: 'GET', url: one });
    return (info as { face_number: number }).face_number;
  };

  beforeEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, 'deep'), { recursive: true });
    await Promise.all([
      copyFile(smallPhotoPath(1), join(folder, 'ann.jpg')),
      copyFile(smallPhotoPath(2), join(folder, 'deep', 'bob of, "all".jpg')),
      copyFile(smallPhotoPath(3), join(folder, 'deep', 'ann.jpg')),
      writeFile(join(folder, 'broken, "too".png'), 'no photo'),
      writeFile(join(folder, 'notes.txt'), 'not a photo, by its name'),
    ]);
    await call({ ...set, method: 'DELETE', url: one }).catch(() => undefined);
    await call({
      method: 'POST',
      url: '/v2/{project_id}/face-sets',
      json: { face_set_name: 'people', face_set_capacity: 10_000 },
    });
  });

  it('adds each photo once and tells why others were refused', async () => {
    const failures = join(dataDir, 'failures.csv');
    const first = await frs('enrol', folder, '--set', 'people', '--failures', failures, '--json');
    expect([first.code, JSON.parse(first.out)]).toMatchObject([
      1,
      { added: 3, skipped: 0, failed: 1, failures: [{ file: 'broken, "too".png', code: 'FRS.0016' }] },
    ]);
    expect(await readFile(failures, 'utf8')).toMatch(
      /^file,code,reason\r\n"broken, ""too"".png",FRS\.0016,.+\r\n$/,
    );
    expect(await json('enrol', folder, '--set', 'people')).toMatchObject({ added: 0, skipped: 3, failed: 1 });
    expect(await stored()).toBe(3);
    const found = (await frs('search', smallPhotoPath(3), '--set', 'people')).out;
    expect(found).toMatch(/ 1\.0000 +deep-ann-[0-9a-f]{12} +[A-Za-z]{8} /);
  });

  it('goes on where it was cut off, and adds nothing twice', async () => {
    const journal = join(folder, '.openfrs-people.jsonl');
    await json('enrol', folder, '--set', 'people');
    const lines = (await readFile(journal, 'utf8')).split('\n');
    // As if killed after the photo had arrived, while its answer was being written down.
    const begun = lines.filter((line) => line.includes('"begun"'));
    await writeFile(journal, `${begun.join('\n')}\n{"file":"ann.jp`);
    expect(await json('enrol', folder, '--set', 'people')).toMatchObject({ added: 3, skipped: 0, failed: 1 });
    expect(await stored()).toBe(3);
  });

  it('keeps the names of folders and photos as they are, whatever their letters', async () => {
    const names = [
      'Jos\u00e9/1.jpg',
      'Jose\u0301/1.jpg',
      "Mary Ann O'Brien/1.jpg",
      '\u5f20\u4e09/\u8bc1\u4ef6\u7167.jpg',
    ];
    await rm(folder, { recursive: true });
    for (const name of names) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await copyFile(smallPhotoPath(4), join(folder, name));
    }
    // The set is made without a field for them: that is said, and the journal has them.
    const told = await frs('enrol', folder, '--set', 'people');
    expect([told.code, told.err]).toMatchObject([0, expect.stringContaining('only the journal')]);
    const journal = (await readFile(join(folder, '.openfrs-people.jsonl'), 'utf8')).trim().split('\n');
    const done = journal
      .map((line) => JSON.parse(line) as { file: string; id: string; state: string })
      .filter(({ state }) => state === 'done');
    expect(done.map(({ file }) => file).sort()).toEqual(names.toSorted());
    expect(new Set(done.map(({ id }) => id)).size).toBe(names.length);
    for (const { id } of done) expect(id).toMatch(/^photo-[0-9a-f]{12}$/);

    expect(await json('enrol', folder, '--set', 'named', '--create')).toMatchObject({ added: names.length });
    const [answer] = (await json('search', smallPhotoPath(4), '--set', 'named')) as unknown as {
      faces: { external_fields: { file: string } }[];
    }[];
    const kept = answer?.faces.map(({ external_fields }) =>
      decodeURIComponent(external_fields.file.replaceAll('_', '%')),
    );
    expect(kept?.sort()).toEqual(names.toSorted());
    expect((await frs('search', smallPhotoPath(4), '--set', 'named')).out).toContain(
      "Mary Ann O'Brien/1.jpg",
    );
    expect((await frs('face', 'list', '--set', 'named')).out).toContain("file=Mary Ann O'Brien/1.jpg");
    expect(await frs('enrol', folder, '--set', 'people', '--path-field', 'whence')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no custom field whence'),
    });
    await call({ faceSet: 'named', method: 'DELETE', url: one });
  });

  it('takes the photos of a folder for one person, finds them as one, and replaces only the one that was changed', async () => {
    await rm(folder, { recursive: true });
    const photos = { 'ann/1.jpg': 3, 'ann/2.jpg': 4, 'bea/1.jpg': 5 } as const;
    for (const [name, sample] of Object.entries(photos)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await copyFile(smallPhotoPath(sample), join(folder, name));
    }
    const unnamed = await frs('enrol', folder, '--set', 'people', '--people');
    expect(unnamed).toMatchObject({ code: 1, err: expect.stringContaining('custom field file') });
    const advised = await frs('enrol', folder, '--set', 'people');
    expect(advised.err).toContain('1 folders hold several photos');
    const enrol = () => json('enrol', folder, '--set', 'by-person', '--create', '--people');
    expect(await enrol()).toMatchObject({ added: 3, failed: 0 });
    const search = async (...more: string[]) => {
      const line = ['search', smallPhotoPath(3), '--set', 'by-person', '--threshold', '0', ...more];
      const [answer] = (await json(...line)) as unknown as { faces: { external_image_id: string }[] }[];
      return answer?.faces.map(({ external_image_id: id }) => id) ?? [];
    };
    expect(await search('--people')).toEqual([
      expect.stringMatching(/^ann-/),
      expect.stringMatching(/^bea-/),
    ]);
    expect((await search()).filter((id) => id.startsWith('ann-'))).toHaveLength(2);
    await copyFile(smallPhotoPath(6), join(folder, 'ann', '2.jpg'));
    await utimes(join(folder, 'ann', '2.jpg'), new Date(), new Date(0));
    expect(await enrol()).toMatchObject({ added: 1, skipped: 2 });
    expect(await search()).toHaveLength(3);
    const told = await frs(
      'search',
      smallPhotoPath(3),
      '--set',
      'by-person',
      '--max-fpir',
      '0.01',
      '--all-faces',
    );
    expect(told.out).toMatch(/ 1\.0000 +[\d.e-]+ +ann-/);
    await call({ faceSet: 'by-person', method: 'DELETE', url: one });
  });

  it('refuses photos that hold too little of a person, says so, and takes them where it is told to', async () => {
    const strict = ['enrol', folder, '--set', 'people', '--min-recognizability', '0.999'];
    const refused = await frs(...strict);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('--min-recognizability') });
    expect(refused.out).toMatch(/Recognizability 0\.\d\d is below 0\.999/);
    expect(await stored()).toBe(0);
    expect(await json('enrol', folder, '--set', 'people', '--min-recognizability', '0')).toMatchObject({
      added: 3,
    });
  });

  it('replaces a photo that was changed', async () => {
    await json('enrol', folder, '--set', 'people');
    await copyFile(smallPhotoPath(4), join(folder, 'ann.jpg'));
    await utimes(join(folder, 'ann.jpg'), new Date(), new Date(0));
    expect(await json('enrol', folder, '--set', 'people')).toMatchObject({ added: 1, skipped: 2 });
    expect(await stored()).toBe(3);
    const { out } = await frs('search', smallPhotoPath(4), '--set', 'people');
    expect(Number(/ ([\d.]+) +ann-/.exec(out)?.[1])).toBeGreaterThan(samePhotoFrom);
  });
});

describe('the README', () => {
  it('has commands that run as they stand there, in their order', async () => {
    // What the README's examples name, and what the commands before made.
    const made = new Map<string, string>();
    const remember = (example: string, found: RegExpExecArray | null) => {
      if (found?.[1] !== undefined) made.set(example, found[1]);
    };
    const folder = join(dataDir, 'readme');
    await mkdir(join(folder, 'photos'), { recursive: true });
    await Promise.all([
      copyFile(smallPhotoPath(1), join(folder, 'photo.jpg')),
      copyFile(smallPhotoPath(3), join(folder, 'other.jpg')),
      copyFile(smallPhotoPath(4), join(folder, 'photos', 'ann.jpg')),
    ]);
    const readme = await readFile(new URL('../../packages/cli/README.md', import.meta.url), 'utf8');
    const first = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const quick = first.split('\n').filter((line) => line.startsWith('npx openfrs '));
    expect(quick).toHaveLength(2);
    const own = readme.split('\n').filter((line) => line.startsWith('openfrs '));
    const lines = [...quick.map((line) => line.slice('npx '.length)), ...own];
    expect(lines.length).toBeGreaterThan(25);
    const video = sharedData('videos/derived/cap12_open_mouth.mp4');
    for (const line of lines) {
      const argv = line
        .split(' ')
        .slice(1)
        .map((word) => (/\.(jpg|csv|gz|html)$|\/$/.test(word) ? join(folder, word) : word))
        .map((word) => (word === 'video.mp4' ? (video ?? word) : word))
        .map((word) => made.get(word) ?? word);
      // Photos by person, a model or a video of the reader's own: here only whether the verb has such options.
      const readersOwn = argv.includes('video.mp4') || argv.includes('eval') || argv[0] === 'live';
      const { code, out, err } = await frs(...argv, ...(readersOwn ? ['--help'] : []));
      expect([line, code, err]).toEqual([line, 0, expect.any(String)]);
      if (readersOwn) for (const option of line.match(/--[a-z-]+/g) ?? []) expect(out).toContain(option);
      if (argv[1] === 'add') remember('AbCdEfGh', /^(\w{8}) /m.exec(out));
      if (argv[0] === 'token') remember('abcdefgh12345678', /^id +(\w+)$/m.exec(out));
      remember('AKEXAMPLE', /^ak +(\w+)$/m.exec(out));
    }
  });
});
