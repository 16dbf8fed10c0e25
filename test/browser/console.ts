import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { photo } from '../support/photos.ts';
import { file, inspect, openPage, type Watched } from './browser.ts';
import { phonePhoto, writePeople } from './people-folder.ts';
import { type Service, type Shared, signIn } from './service.ts';

/** The console as people use it, task after task, each on what the ones before have left. */
export function consoleTests(shared: () => Shared): void {
  describe('the console', () => {
    let service: Service;
    let tab: Watched;
    let page: Page;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'openfrs-people-'));
      await writePeople(join(folder, 'people'));
      service = shared().service;
      tab = await openPage(shared().browser, service.endpoint);
      page = tab.page;
      page.setDefaultTimeout(60_000);
      await page.goto(service.console ?? '');
    });
    afterAll(async () => {
      await page?.context().close();
      await rm(folder, { recursive: true, force: true });
    });
    const visit = (name: string) =>
      page.getByRole('navigation', { name: 'Pages' }).getByText(name, { exact: true }).click();
    const choose = async (label: string, ...photos: { name: string; buffer: Buffer }[]) =>
      page
        .getByLabel(label, { exact: true })
        .setInputFiles(photos.map(({ name, buffer }) => file(name, buffer)));
    const sample = (number: 1 | 2 | 3 | 4 | 5 | 6) => ({
      name: `sample${number}.jpg`,
      buffer: photo(number),
    });
    const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
    const faces = () => page.getByRole('group', { name: /^Faces: / }).getByRole('button');
    const people = () => page.locator('.person strong').allTextContents();

    test('is closed to those who do not know the password, and opens to those who do', async () => {
      await inspect(page, 'sign-in');
      await page.getByLabel('Password').fill('wrong');
      await button('Sign in').click();
      await page.getByRole('alert').waitFor();
      await signIn(page, service);
    });

    test('begins with an overview: nothing there yet, and the service is well', async () => {
      await page.getByText('There is no face set yet.').waitFor();
      await page.getByText('The service is well').waitFor();
      await page.getByRole('row', { name: /GET face-sets/ }).waitFor();
      await inspect(page, 'overview-empty');
    });

    test('draws the faces of many photos, of a phone too, on one screen with their figures', async () => {
      await visit('Detect');
      await inspect(page, 'detect-empty');
      await choose('Choose photos', { name: 'phone.jpg', buffer: await phonePhoto(1) }, sample(2));
      // Not `Faces: 0` while nobody knows.
      expect(await page.getByText('Faces: 0').count()).toBe(0);
      await page.getByText('3024 × 4032 to 2160 × 2880').waitFor();
      await faces().nth(1).waitFor();
      await page.getByText('2 of 2 photos').waitFor();
      await page.getByText('yaw angle').waitFor();
      const { bottom, right } = await extentOf(page.locator('.layers > img'));
      expect(bottom).toBeLessThanOrEqual(900);
      expect(right).toBeLessThanOrEqual(1200);
      await inspect(page, 'detect');
    });

    test('the keyboard goes from face to face', async () => {
      await faces().first().focus();
      await page.keyboard.press('ArrowRight');
      await page.getByRole('heading', { name: 'Face 2' }).waitFor();
      expect(
        await faces()
          .nth(1)
          .evaluate((face) => face === document.activeElement),
      ).toBe(true);
      await page.keyboard.press('Home');
      await page.getByRole('heading', { name: 'Face 1' }).waitFor();
    });

    test('shows the same call as code', async () => {
      await page.getByText('The same as code').click();
      await button('Python').click();
      await page.getByText('DetectFaceByFileRequest()').waitFor();
      await button('Copy').click();
      await expect
        .poll(() => page.evaluate(() => navigator.clipboard.readText()))
        .toContain('detect_face_by_file');
    });

    test('takes a photo with the camera', async () => {
      await button('Camera').click();
      await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
      await inspect(page, 'camera');
      await button('Take the photo').click();
      // Chromium's own test picture has no face.
      await page
        .getByText(/There is no face on this photo|Faces: [1-9]/)
        .first()
        .waitFor();
    });

    test('compares two photos against the thresholds of the model', async () => {
      await visit('Compare');
      await choose('Photo 1', sample(1));
      await choose('Photo 2', sample(3));
      await page.locator('.verdict.good').getByText('the same person').waitFor();
      for (const far of ['1e-2', '1e-3', '1e-4', '1e-5']) await page.getByText(`(FAR ${far})`).waitFor();
      const { bottom } = await extentOf(page.locator('.scale'));
      expect(bottom).toBeLessThanOrEqual(900);
      await inspect(page, 'compare');
    });

    test('makes a face set with custom fields', async () => {
      await visit('People');
      await page.getByText('There is no face set yet.').waitFor();
      await button('New face set').click();
      await page.getByLabel('Name', { exact: true }).fill('people');
      await button('Add a field').click();
      await page.getByLabel('Name of field 2').fill('floor');
      await page.getByLabel('Type of field 2').selectOption('integer');
      await inspect(page, 'create-face-set');
      await button('Create').click();
      await page.getByRole('link', { name: 'people', exact: true }).waitFor();
      await inspect(page, 'face-sets');
    });

    test('checks a folder of people before anything is written', async () => {
      await page.getByRole('link', { name: 'Enrol people' }).click();
      await page.getByText('Choose the photos').waitFor();
      await inspect(page, 'enrol-empty');
      await page.getByLabel('Folder with one folder a person').setInputFiles(join(folder, 'people'));
      await page.getByText('Rows of the table without photos: bob').waitFor();
      await button('Check 5 photos, write nothing').click();
      await page.getByText('the same file as eve/1.jpg').waitFor();
      await page.getByText('no value of its field: floor=three').waitFor();
      await page.getByText('no face', { exact: true }).waitFor();
      await button('Enrol 2 photos').waitFor();
      await inspect(page, 'enrol-checked');
      expect((await listed()).length).toBe(0);
    });

    test('enrols what is good and what is said to be, shows how far it is, and gives a report', async () => {
      // The value that its field can't have is left out, the person is not.
      await page.getByRole('listitem').filter({ hasText: '张三/1.jpg' }).getByLabel('enrol').check();
      await button('Enrol 3 photos').click();
      await page.getByRole('link', { name: 'See the people' }).waitFor();
      const [report] = await Promise.all([
        page.waitForEvent('download'),
        button('Save the report (CSV)').click(),
      ]);
      const lines = (await readFile(await report.path(), 'utf8')).trim().split('\r\n');
      expect(lines).toHaveLength(6);
      expect(lines.filter((line) => line.includes(',"added",'))).toHaveLength(3);
      expect(lines.find((line) => line.startsWith('"nobody/'))).toContain('"left out","","no face"');
      await inspect(page, 'enrol-done');
      const written = await listed();
      expect(written.map((face) => face.external_image_id).sort()).toEqual([
        'ann',
        'eve',
        expect.stringMatching(/^person-[0-9a-f]{12}$/),
      ]);
      expect(written.find((face) => face.external_image_id === 'ann')?.external_fields).toEqual({
        file: 'ann_2F1_2Ejpg',
        floor: 3,
      });
    });

    test('knows what is enrolled already, and takes a ZIP', async () => {
      await page.reload();
      await page.getByText('Choose the photos').waitFor();
      const zip = zipSync({ 'all/ann/1.jpg': photo(3), 'all/mia/1.jpg': photo(6) });
      await page
        .getByLabel('Photos, a ZIP, a table (CSV or JSON)')
        .setInputFiles(file('people.zip', Buffer.from(zip), 'application/zip'));
      await button('Check 2 photos, write nothing').click();
      await page.getByText(/^enrolled already/).waitFor();
      await button('Enrol 1 photos').click();
      await page.getByRole('link', { name: 'See the people' }).click();
    });

    test('shows a set as a grid of people, with pictures from a folder', async () => {
      await expect.poll(async () => (await people()).sort()).toEqual(['ann', 'eve', 'mia', '张三']);
      // Of this tab is only the one from the ZIP.
      expect(await page.locator('.portrait[data-photo]').count()).toBe(1);
      await page.getByText('Pictures: none').click();
      await page.getByLabel('Folder with photos').setInputFiles(join(folder, 'people'));
      await expect.poll(() => page.locator('.portrait[data-photo]').count()).toBe(4);
      await inspect(page, 'people');
    });

    test('finds, sorts and filters people', async () => {
      const find = page.getByLabel('Find by name, id or value');
      await find.fill('张');
      await expect.poll(people).toEqual(['张三']);
      await find.fill('');
      await page.getByLabel('Sort by').selectOption('name');
      await expect.poll(people).toEqual(['ann', 'eve', 'mia', '张三']);
      await button('First first').click();
      await expect.poll(people).toEqual(['张三', 'mia', 'eve', 'ann']);
      await page.getByText('Filter by fields').click();
      await button('Add a condition').click();
      await page.getByLabel('Field', { exact: true }).selectOption('floor');
      await page.getByLabel('Condition').selectOption('from');
      await page.getByLabel('Value', { exact: true }).fill('4');
      await expect.poll(people).toEqual(['eve']);
      await page.getByLabel('Filter text').fill('');
      await expect.poll(people).toHaveLength(4);
    });

    test('corrects names and fields of one and of many', async () => {
      await page.getByLabel('Choose ann').check();
      await button('Edit').click();
      await inspect(page, 'edit');
      await page.getByLabel('external_image_id').fill('anna');
      await page.getByLabel('floor (integer)').fill('7');
      await button('Save').click();
      await page.getByText('floor: 7').waitFor();
      await expect.poll(people).toContain('anna');
      await page.getByLabel('All on this page').check();
      await button('Edit').click();
      await page.getByLabel('floor (integer)').fill('nine');
      await button('Save').click();
      await page.getByText('nine is no value of floor (integer).').waitFor();
      await page.getByLabel('floor (integer)').fill('9');
      await button('Save').click();
      await expect.poll(() => page.getByText('floor: 9').count()).toBe(4);
    });

    test('deletes people, unless somebody thinks better of it', async () => {
      await page.getByLabel('Choose eve').check();
      await button('Delete').click();
      await expect.poll(people).not.toContain('eve');
      await inspect(page, 'delete');
      await button('Undo').click();
      await expect.poll(people).toContain('eve');
      expect((await listed()).length).toBe(4);
      await page.getByLabel('Choose eve').check();
      await button('Delete').click();
      await button('Delete now').click();
      await expect.poll(async () => (await listed()).length).toBe(3);
      await expect.poll(people).not.toContain('eve');
    });

    test('shows a person with all photos, and who is like them', async () => {
      await page.getByRole('link', { name: 'anna', exact: true }).click();
      await page.getByRole('heading', { name: 'anna', level: 1 }).waitFor();
      await page.getByText('ann/1.jpg').waitFor();
      await inspect(page, 'person');
      await page.getByRole('link', { name: 'People like this' }).click();
      await expect.poll(() => page.locator('.candidates .name').first().textContent()).toBe('anna');
    });

    test('finds everybody on a photo, and says plainly who is unknown', async () => {
      await visit('Search');
      await page.getByText('No photo yet.').waitFor();
      await choose('Choose photos', sample(1));
      await page.getByText('anna', { exact: true }).first().waitFor();
      await page
        .getByText(/strangers would rank first like this in this set/)
        .first()
        .waitFor();
      await page
        .getByText(/^at most 1 in 10/)
        .first()
        .waitFor();
      await inspect(page, 'search');
      await button(/^\d\. unknown$/)
        .first()
        .click();
      await page.getByText('Nobody among the 3 faces of people is alike enough.').waitFor();
      await inspect(page, 'search-unknown');
    });

    test('searches on as it is told: for another risk, under a filter', async () => {
      await page.getByLabel('How sure').selectOption('similarity');
      await page.getByLabel('Least similarity').fill('0');
      await page.getByText('More options').click();
      await button('Add a condition').click();
      await page.getByLabel('Field', { exact: true }).selectOption('external_image_id');
      await page.getByLabel('Value', { exact: true }).fill('mia');
      await button('Search again').click();
      await expect.poll(() => page.locator('.candidates .name').allTextContents()).toEqual(['mia']);
      await page
        .getByText(/would (more likely than not )?rank first like this/)
        .first()
        .waitFor();
    });

    test('what the pages show as code runs', async () => {
      await page.getByText('The same as code').click();
      const codeOf = async (language: string) => {
        await button(language).click();
        return (await page.locator('.request-log pre').first().textContent()) ?? '';
      };
      const TOKEN = await page.evaluate(
        () => JSON.parse(sessionStorage.getItem('openfrs.session') ?? '{}').token,
      );
      const run = runner(folder, { ...service.credentials, TOKEN, FRS_ENDPOINT: service.endpoint });
      await writeFile(join(folder, 'sample1.jpg'), photo(1));
      expect(await run('sh', ['-c', await codeOf('curl')])).toContain('"mia"');
      await writeFile(join(folder, 'code.mjs'), await codeOf('TypeScript'));
      expect(await run('node', ['code.mjs'])).toContain("'mia'");
      const command = (await codeOf('openfrs')).replace('npx openfrs', 'openfrs');
      expect(await run('sh', ['-c', `openfrs() { node ${cli} "$@"; }; ${command}`])).toContain('mia');
      const python = await codeOf('Python');
      // Where the machine has what it asks for.
      const hasRequests = await run('python3', ['-c', 'import requests']).then(
        () => true,
        () => false,
      );
      if (hasRequests) expect(await run('python3', ['-c', python])).toContain("'mia'");
    });

    test('turns over the pages of a set of 100,000 faces without reading all of them', async () => {
      const asked = await pretendLargeSet(page);
      await page.evaluate(() => {
        location.hash = '#/people/large';
      });
      await page.getByText('2,000 of 100,000 faces are loaded').waitFor();
      expect(asked.limits).toEqual([200, 1000, 800]);
      const later = page.getByRole('navigation', { name: 'Rows' }).getByRole('button', { name: 'Later' });
      await later.click();
      await expect.poll(people).toContain('p48');
      await button('Load more').click();
      await page.getByText('3,000 of 100,000 faces are loaded').waitFor();
      // Who isn't loaded is looked up.
      await page.getByLabel('Find by name, id or value').fill('p99999');
      await expect.poll(people).toEqual(['p99999']);
      expect(asked.filters).toEqual(['external_image_id:p99999']);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    });

    test('shows the requests of the last hour and the quotas', async () => {
      await visit('Usage');
      await page.getByRole('row', { name: 'face-detect' }).waitFor();
      await page.getByText('1 of 10 face sets').waitFor();
      await page.getByText(service.credentials.FRS_AK).waitFor();
      await inspect(page, 'usage');
      await visit('Overview');
      await page.getByText('3 faces in all').waitFor();
      await inspect(page, 'overview');
    });

    test('speaks Chinese, and fits on a phone', async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      await button('Menu').click();
      await button('中文').click();
      for (const name of [
        '总览',
        '人脸搜索',
        '人员',
        '批量入库',
        '人脸比对',
        '人脸检测',
        '活体检测',
        '用量',
      ]) {
        // The menu is folded away until it is asked for, and again after it.
        const link = page.getByRole('navigation', { name: '页面' }).getByText(name, { exact: true });
        await expect.poll(() => link.isVisible()).toBe(false);
        await button('菜单').click();
        await link.click();
        await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
        await expect.poll(() => page.locator('.busy').count(), { timeout: 30_000 }).toBe(0);
        await inspect(page, `phone-${name}`);
        const wider = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
        expect(await page.evaluate(wider), name).toBe(0);
      }
      await button('菜单').click();
      await button('English').click();
      await page.setViewportSize({ width: 1200, height: 900 });
    });

    test('deletes a face set after asking', async () => {
      await visit('People');
      await button('Delete').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('There is no face set yet.').waitFor();
    });

    test('is left by signing out', async () => {
      await button('Sign out').click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    });

    test('asked no other host for anything and had no error but the refusals that it showed', () => {
      const refusals = /the server responded with a status of (400|401)/;
      expect(tab.complaints.filter((text) => !refusals.test(text))).toEqual([]);
      expect(tab.complaints.length).toBeLessThan(6);
    });

    /** The faces of the set as the service has them. */
    async function listed(): Promise<{ external_image_id: string; external_fields: object }[]> {
      return page.evaluate(async () => {
        const { token, project } = JSON.parse(sessionStorage.getItem('openfrs.session') ?? '{}');
        const answer = await fetch(`v2/${project}/face-sets/people/faces?limit=100`, {
          headers: { 'X-Auth-Token': token },
        });
        return (await answer.json()).faces;
      });
    }
  });
}

const cli = new URL('../../packages/cli/bin/openfrs.cjs', import.meta.url).pathname;

/** Runs a program with these secrets in its environment, as a user would; answers what it prints. */
function runner(cwd: string, environment: Readonly<Record<string, string>>) {
  return async (program: string, words: readonly string[]) => {
    const env = { ...process.env, ...environment };
    return (await promisify(execFile)(program, words, { cwd, env })).stdout;
  };
}

async function extentOf(element: Locator): Promise<{ bottom: number; right: number }> {
  return element.evaluate((one) => {
    scrollTo(0, 0);
    const { bottom, right } = one.getBoundingClientRect();
    return { bottom, right };
  });
}

/** Answers for the service as if there were a set of 100,000 people: to add them would take an hour. */
async function pretendLargeSet(page: Page) {
  const asked = { limits: [] as number[], filters: [] as string[] };
  const face = (number: number) => ({
    face_id: `face${number}`,
    external_image_id: `p${number}`,
    external_fields: {},
    bounding_box: { top_left_x: 0, top_left_y: 0, width: 100, height: 100 },
  });
  await page.route(/face-sets\/large(\/|$)/, async (route) => {
    const url = new URL(route.request().url());
    const number = (name: string) => Number(url.searchParams.get(name));
    if (url.pathname.endsWith('/search')) {
      const { filter } = route.request().postDataJSON() as { filter: string };
      asked.filters.push(filter);
      return route.fulfill({ json: { faces: [face(Number(filter.split(':p')[1]))] } });
    }
    if (url.pathname.endsWith('/faces')) {
      if (number('limit') > 1) asked.limits.push(number('limit'));
      const faces = Array.from({ length: number('limit') }, (_, index) => face(number('offset') + index));
      return route.fulfill({ json: { faces } });
    }
    const face_set_info = {
      face_set_name: 'large',
      face_set_id: 'large',
      face_number: 100_000,
      face_set_capacity: 100_000,
      create_date: '2030-01-01 00:00:00',
      external_fields: {},
    };
    return route.fulfill({ json: { face_set_info } });
  });
  return asked;
}
