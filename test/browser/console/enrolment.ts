import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { smallPhoto } from '../../support/small-photos.ts';
import { file, inspect } from '../browser.ts';
import type { ConsoleTab } from './tab.ts';

/** From a folder to people in a set. */
export function enrolmentTests(opened: () => ConsoleTab): void {
  test('makes a face set with custom fields', async () => {
    const { page, visit, button } = opened();
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
    const { page, folder, button, listed } = opened();
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
    const { page, button, listed } = opened();
    // The value that its field can't have is left out, the person is not.
    await page.getByRole('listitem').filter({ hasText: '张三/1.jpg' }).getByLabel('enrol').check();
    await button('Enrol 3 photos').click();
    await page.getByRole('link', { name: 'See the people' }).waitFor();
    expect(await button('Enrol 0 photos').count()).toBe(0);
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
    const { page, button } = opened();
    await page.reload();
    await page.getByText('Choose the photos').waitFor();
    const zip = zipSync({ 'all/ann/1.jpg': smallPhoto(3), 'all/mia/1.jpg': smallPhoto(6) });
    await page
      .getByLabel('Photos, a ZIP, a table (CSV or JSON)')
      .setInputFiles(file('people.zip', Buffer.from(zip), 'application/zip'));
    await button('Check 2 photos, write nothing').click();
    await page.getByText(/^enrolled already/).waitFor();
    await button('Enrol 1 photos').click();
    await page.getByRole('link', { name: 'See the people' }).click();
  });
}
