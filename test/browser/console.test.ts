import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { photo } from '../support/photos.ts';
import { file, hasBrowser, inspect, openBrowser, openPage, type Watched } from './browser.ts';
import { openService, type Service, signIn } from './service.ts';

// Real models and a browser on what may be two busy cores.
vi.setConfig({ testTimeout: 240_000 });

describe.runIf(hasBrowser)('the console', () => {
  let service: Service;
  let browser: Browser;
  let tab: Watched;
  let page: Page;
  beforeAll(async () => {
    [service, browser] = await Promise.all([openService(), openBrowser()]);
    tab = await openPage(browser, service.endpoint);
    page = tab.page;
    page.setDefaultTimeout(60_000);
    await page.goto(`${service.console}`);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.end();
  });
  const visit = (name: string) => page.getByRole('navigation', { name: 'Pages' }).getByText(name).click();
  const choose = (label: string, number: 1 | 2 | 3 | 4 | 5 | 6) =>
    page.getByLabel(label, { exact: true }).setInputFiles(file(`sample${number}.jpg`, photo(number)));

  test('is closed to those who do not know the password, and opens to those who do', async () => {
    await inspect(page, 'sign-in');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await signIn(page, service);
  });

  test('draws the faces of a photo with their figures, beside the request as code', async () => {
    await choose('Photo', 1);
    const faces = page.getByRole('group', { name: 'Faces:' }).getByRole('img');
    await faces.first().waitFor();
    expect(await faces.count()).toBeGreaterThan(2);
    await faces.first().focus();
    await page.getByText('yaw angle').waitFor();
    await page.getByRole('button', { name: 'Python' }).click();
    await page.getByText('DetectFaceByFileRequest()').waitFor();
    await page.getByRole('button', { name: 'Copy' }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toContain('detect_face_by_file');
    await inspect(page, 'detect');
  });

  test('takes a photo with the camera', async () => {
    await page.getByRole('button', { name: 'Camera' }).click();
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await inspect(page, 'camera');
    await page.getByRole('button', { name: 'Take the photo' }).click();
    // Chromium's test picture has no face.
    await page
      .getByText(/Faces: 0|FRS\./)
      .first()
      .waitFor();
  });

  test('compares two photos against the thresholds of the model', async () => {
    await visit('Compare');
    await choose('Photo 1', 1);
    await choose('Photo 2', 3);
    await page.locator('.verdict.good').getByText('the same person').waitFor();
    for (const far of ['1e-2', '1e-3', '1e-4', '1e-5']) await page.getByText(`(FAR ${far})`).waitFor();
    await inspect(page, 'compare');
  });

  test('makes a face set with custom fields', async () => {
    await visit('Face sets');
    await page.getByText('There is no face set yet.').waitFor();
    await page.getByRole('button', { name: 'New face set' }).click();
    await page.getByLabel('Name', { exact: true }).fill('people');
    await page.getByRole('button', { name: 'Add a field' }).click();
    await page.getByLabel('Name of field 1').fill('floor');
    await page.getByLabel('Type of field 1').selectOption('integer');
    await inspect(page, 'create-face-set');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('link', { name: 'people' }).waitFor();
    await inspect(page, 'face-sets');
  });

  test('enrols photos under their file names, and says what came of each', async () => {
    await page.getByRole('link', { name: 'people' }).click();
    await page.getByRole('button', { name: 'Enrol photos' }).click();
    await page.getByLabel('floor (integer)').fill('3');
    await page
      .getByLabel('Photos', { exact: true })
      .setInputFiles([
        file('ann.jpg', photo(3)),
        file('eve.jpg', photo(5)),
        file('broken.jpg', Buffer.from('no picture')),
      ]);
    await page.getByText('3 of 3').waitFor();
    await page.getByText(/^FRS\.\d{4} /).waitFor();
    await page.getByRole('cell', { name: 'ann' }).waitFor();
    await page.getByRole('cell', { name: 'eve' }).waitFor();
    await inspect(page, 'face-set');
  });

  test('filters and sorts the faces, and deletes one after asking', async () => {
    const names = () => page.locator('tbody td:nth-child(2)').allTextContents();
    await page.getByLabel('Find on this page').fill('eve');
    await expect.poll(names).toEqual(['eve']);
    await page.getByLabel('Find on this page').fill('');
    await page.getByRole('button', { name: 'external_image_id' }).click();
    await expect.poll(names).toEqual(['ann', 'eve']);
    await page.getByRole('button', { name: 'external_image_id' }).click();
    await expect.poll(names).toEqual(['eve', 'ann']);
    await page.getByRole('row', { name: 'eve' }).getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await names()).toEqual(['eve', 'ann']);
    await page.getByRole('row', { name: 'eve' }).getByRole('button', { name: 'Delete' }).click();
    await inspect(page, 'delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(names, { timeout: 60_000 }).toEqual(['ann']);
  });

  test('finds a person by another photo, under a filter made of choices', async () => {
    await visit('Search');
    await choose('Photo', 1);
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByLabel('Condition').selectOption('from');
    await page.getByLabel('Value').fill('3');
    await expect.poll(() => page.getByLabel('Filter text').inputValue()).toBe('floor:[3 TO *]');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('Faces: 1').waitFor();
    await page.getByText('ann', { exact: true }).waitFor();
    await inspect(page, 'search');
    await page.getByLabel('Value').fill('4');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('Faces: 0').waitFor();
  });

  test('shows the requests of the last hour and the quotas', async () => {
    await visit('Usage');
    await page.getByRole('row', { name: 'face-detect' }).waitFor();
    await page.getByText('1 of 10 face sets').waitFor();
    await page.getByText(service.credentials.FRS_AK).waitFor();
    await inspect(page, 'usage');
  });

  test('deletes a face set after asking', async () => {
    await visit('Face sets');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There is no face set yet.').waitFor();
  });

  test('speaks Chinese, and fits on a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '人脸库' }).waitFor();
    for (const name of ['人脸检测', '人脸比对', '人脸库', '人脸搜索', '活体检测', '用量']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
      await expect.poll(() => page.locator('main > progress').count(), { timeout: 30_000 }).toBe(0);
      await inspect(page, `phone-${name}`);
      const wider = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      expect(await page.evaluate(wider), name).toBe(0);
    }
    await page.getByRole('button', { name: 'English' }).click();
    await page.setViewportSize({ width: 1200, height: 900 });
  });

  test('is left by signing out', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test('asked no other host for anything and had no error but the refusals that it showed', () => {
    const refusals = /the server responded with a status of (400|401)/;
    expect(tab.complaints.filter((text) => !refusals.test(text))).toEqual([]);
    expect(tab.complaints.length).toBeLessThan(6);
  });
});
