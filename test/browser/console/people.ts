import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspect } from '../browser.ts';
import type { ConsoleTab } from './tab.ts';

/** A set as people: found, corrected, deleted. */
export function peopleTests(opened: () => ConsoleTab): void {
  test('shows a set as a grid of people, with pictures from a folder', async () => {
    const { page, folder, people } = opened();
    await expect.poll(async () => (await people()).sort()).toEqual(['ann', 'eve', 'mia', '张三']);
    // Of this tab is only the one from the ZIP.
    expect(await page.locator('.portrait[data-photo]').count()).toBe(1);
    await page.getByText('Pictures: photos that you enrolled in this tab').click();
    await page.getByLabel('Folder with photos').setInputFiles(join(folder, 'people'));
    await expect.poll(() => page.locator('.portrait[data-photo]').count()).toBe(4);
    await inspect(page, 'people');
  });

  test('finds, sorts and filters people', async () => {
    const { page, button, people } = opened();
    const find = page.getByLabel('Find by name, id or value');
    await find.fill('张');
    await expect.poll(people).toEqual(['张三']);
    await find.fill('');
    await page.getByLabel('Sort by').selectOption('name');
    await expect.poll(people).toEqual(['ann', 'eve', 'mia', '张三']);
    await button('Ascending').click();
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
    const { page, button, people } = opened();
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
    const { page, button, people, listed } = opened();
    await page.getByLabel('Choose eve').check();
    await button('Delete').click();
    await expect.poll(people).not.toContain('eve');
    // Nobody is hurried while the pointer is there.
    await button('Undo').hover();
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
    const { page } = opened();
    await page.getByRole('link', { name: 'anna', exact: true }).click();
    await page.getByRole('heading', { name: 'anna', level: 1 }).waitFor();
    await page.getByText('ann/1.jpg').waitFor();
    await inspect(page, 'person');
    await page.getByRole('link', { name: 'People like this' }).click();
    await expect.poll(() => page.locator('.candidates .name').first().textContent()).toBe('anna');
  });
}
