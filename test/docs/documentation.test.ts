import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { type Credentials, frsClient } from '@openfrs/client';
import { operations } from '@openfrs/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anchorsOf, blocksOf, linksOf, root } from '../support/pages.ts';
import { smallPhoto } from '../support/small-photos.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

// Real models and stores, and a process for each page.
vi.setConfig({ testTimeout: 180_000 });

const docs = (await readdir(`${root}packages/client/docs`, { recursive: true }))
  // Translations have the same programs (`chinese.test.ts`).
  .filter((name) => name.endsWith('.md') && !name.startsWith('zh-CN/'))
  .map((name) => `packages/client/docs/${name}`);
const pages = ['packages/client/README.md', ...docs.sort()];
const operationsPage = 'packages/client/docs/operations.md';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop?.close());

const clientOf = (credentials: Credentials) => {
  const { FRS_ENDPOINT, FRS_PROJECT_ID } = workshop.server.credentials;
  return frsClient({ endpoint: FRS_ENDPOINT, projectId: FRS_PROJECT_ID, credentials });
};
const key = () => {
  const { FRS_AK, FRS_SK } = workshop.server.credentials;
  return { ak: FRS_AK, sk: FRS_SK };
};

/** All blocks of that language as one text. */
async function blocks(page: string, language: string): Promise<string[]> {
  return (await blocksOf(page)).filter((block) => block.language === language).map(({ text }) => text);
}

describe.each(pages)('%s', (page) => {
  it('has commands that run, and answers of the form that is shown', async () => {
    const all = await blocksOf(page);
    const commands = all.filter(({ language }) => language === 'sh');
    const printed = await workshop.shell(commands.map(({ text }) => text));
    expect(printed).toHaveLength(commands.length);
    for (const [at, command] of commands.entries()) {
      const next = all[all.indexOf(command) + 1];
      if (next?.language !== 'json') continue;
      const answer: unknown = JSON.parse(printed[at]?.trim().split('\n').at(-1) ?? '');
      expect(formOf(answer), command.text).toEqual(formOf(JSON.parse(next.text)));
    }
  });

  it('has TypeScript that runs', async () => {
    const text = (await blocks(page, 'ts')).join('');
    if (text !== '') await workshop.module('example.ts', text);
  });
});

const everyPage = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n');

describe.each(everyPage)('%s', (page) => {
  it('links to what is there', async () => {
    for (const link of await linksOf(page)) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : normalize(join(dirname(page), path));
      expect(existsSync(join(root, target)), link).toBe(true);
      if (anchor !== undefined) expect(await anchorsOf(target), link).toContain(anchor);
    }
  });

  it('names scripts and benches that are there', async () => {
    const text = await readFile(join(root, page), 'utf8');
    for (const [command, script = '', , workspace] of text.matchAll(
      /npm run (?:--silent )?([\w:-]+)( -w (\S+?))?(?=[\s`])/g,
    )) {
      const manifest = await readFile(join(root, workspace ?? '', 'package.json'), 'utf8');
      expect((JSON.parse(manifest) as { scripts: object }).scripts, command).toHaveProperty([script]);
    }
    for (const [command, bench = ''] of text.matchAll(/npm run bench\s+([a-z-]+)/g)) {
      expect(existsSync(join(root, 'test', 'bench', `${bench}.ts`)), command).toBe(true);
    }
  });
});

describe('the examples', () => {
  const examples = 'packages/client/docs/examples';
  const settings = 'set -a; . .data/credentials.env; set +a';
  const forget = () => clientOf(key()).faceSetDelete({ face_set_name: 'example' });

  it('enrol a folder and tell who is on a photo, in Node', async () => {
    const find = `npx tsx ${examples}/find.mjs people people/bea/1.jpg`;
    const printed = await workshop.shell([settings, find]);
    await forget();
    expect(printed[1]).toMatch(/^\d+,\d+: bea \(\d\.\d{3}\)$/m);
  });

  // Python's own client: pip install huaweicloudsdkfrs
  const python = process.env.FRS_TEST_PYTHON ?? 'python3';
  const hasClient = spawnSync(python, ['-c', 'import huaweicloudsdkfrs.v2']).status === 0;
  if (!hasClient)
    console.log(
      'The Python example is skipped: pip install huaweicloudsdkfrs, or name one in FRS_TEST_PYTHON.',
    );
  it.runIf(hasClient)('do the same in Python, with the official client', async () => {
    const printed = await workshop.shell([settings, `${python} ${examples}/find.py people people/bea/1.jpg`]);
    await forget();
    expect(printed[1]).toMatch(/^bea \(\d\.\d{3}\)$/m);
  });
});

describe('the TypeScript client against the service', () => {
  const login = () => {
    const { FRS_DOMAIN, FRS_USER, FRS_PASSWORD } = workshop.server.credentials;
    return { domain: FRS_DOMAIN, user: FRS_USER, password: FRS_PASSWORD };
  };
  const image = (number: 1 | 2 | 3) => new Blob([new Uint8Array(smallPhoto(number))]);

  it('enrols, finds, filters and deletes, by token and by access key', async () => {
    for (const credentials of [login(), key()]) {
      const frs = clientOf(credentials);
      const set = { face_set_name: 'client' };
      await frs.faceSetCreate({ ...set, external_fields: { badge: { type: 'long' } } });
      const add = (number: 2 | 3, external_image_id: string, badge: bigint) =>
        frs.faceAdd({
          ...set,
          image_file: image(number),
          single: true,
          external_image_id,
          external_fields: { badge },
        });
      await add(3, 'ann', 9007199254740993n);
      await add(2, 'bea', 1n);
      const search = { ...set, image_file: image(1), threshold: 0.93 };
      const found = await frs.faceSearch(search);
      expect(found.faces).toMatchObject([
        { external_image_id: 'ann', external_fields: { badge: 9007199254740993n } },
      ]);
      const filter = 'badge:[* TO 9007199254740993}';
      expect((await frs.faceSearch({ ...search, filter })).faces).toEqual([]);
      expect(await frs.faceDelete({ ...set, field: { external_image_id: 'ann' } })).toMatchObject({
        face_number: 1,
      });
      expect((await frs.faceSearch(search)).faces).toEqual([]);
      expect(await frs.faceDeleteBatch({ ...set, filter })).toMatchObject({ face_number: 1 });
      await frs.faceSetDelete(set);
      await expect(frs.faceSetShow(set)).rejects.toMatchObject({ code: 'FRS.0302', status: 400 });
    }
  });

  it('says what is wrong with its credentials', async () => {
    const wrong = clientOf({ ...login(), password: 'wrong' });
    await expect(wrong.faceSetList()).rejects.toMatchObject({
      name: 'FrsApiError',
      code: 'IAM',
      status: 401,
    });
    const forged = clientOf({ ak: 'AK', sk: 'SK' });
    await expect(forged.faceSetList()).rejects.toMatchObject({
      code: 'APIG.0301',
      requestId: expect.any(String),
    });
  });
});

it('the TypeScript holds against the types', async () => {
  const modules = new Map<string, string>();
  for (const [at, page] of pages.entries()) {
    const text = (await blocks(page, 'ts')).join('');
    if (text !== '') modules.set(`page-${at}.ts`, `${text}\nexport {};\n`);
  }
  expect(modules.size).toBeGreaterThan(3);
  expect(await workshop.complaints(modules)).toBe('');
});

it('every operation is shown with curl and with TypeScript', async () => {
  const curl = (await blocks(operationsPage, 'sh')).join('');
  const shown = curl
    .replaceAll('$FRS_ENDPOINT/v1/$FRS_PROJECT_ID', '/v1/{project_id}')
    .replaceAll('$project', '/v2/{project_id}')
    .replaceAll('$FRS_ENDPOINT', '')
    .replaceAll('face-sets/staff', 'face-sets/{face_set_name}');
  for (const { name, paths } of operations) {
    const path = new RegExp(`"${paths[0].replaceAll(/[{}]/g, '\\$&')}[?"]`);
    expect(shown, name).toMatch(path);
  }
  const typescript = (await blocks(operationsPage, 'ts')).join('');
  const client = frsClient({ endpoint: 'http://127.0.0.1', projectId: 'p', credentials: { token: 't' } });
  for (const name of Object.keys(client)) expect(typescript).toContain(`frs.${name}(`);
});

/** Names and types of a JSON value; of a list the first item's, where it has one. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [formOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  // The fields of an upload's form are the store's own.
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, part]) => [name, name === 'fields' ? 'object' : formOf(part)]),
  );
}
