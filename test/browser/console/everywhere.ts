import { sampled } from '@openfrs/testing/sample';
import { expect, test } from 'vitest';
import { inspect } from '../browser.ts';
import type { ConsoleTab } from './tab.ts';

/** What the tasks have left, on a phone and in Chinese, and the way out. */
export function endTests(opened: () => ConsoleTab): void {
  test('shows the requests of the last hour and the quotas', async () => {
    const { page, service, visit } = opened();
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
    const { page, button } = opened();
    await page.setViewportSize({ width: 360, height: 740 });
    await button('Menu').click();
    await button('中文').click();
    const pages = [
      '总览',
      '人脸搜索',
      '人员',
      '批量入库',
      '人脸比对',
      '人脸检测',
      '活体检测',
      '用量',
      '账号',
      '服务',
    ];
    const inspected = sampled(pages, () => 'a page on a phone', { each: 3 });
    for (const name of pages) {
      // The menu is folded away until it is asked for, and again after it.
      const link = page.getByRole('navigation', { name: '页面' }).getByText(name, { exact: true });
      await expect.poll(() => link.isVisible()).toBe(false);
      await button('菜单').click();
      await link.click();
      await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
      await expect.poll(() => page.locator('.busy').count(), { timeout: 30_000 }).toBe(0);
      if (inspected.includes(name)) await inspect(page, `phone-${name}`);
      const wider = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      expect(await page.evaluate(wider), name).toBe(0);
    }
    await button('菜单').click();
    await button('English').click();
    await page.setViewportSize({ width: 1200, height: 900 });
  });

  test('deletes a face set after asking', async () => {
    const { page, visit, button } = opened();
    await visit('People');
    await button('Delete').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There is no face set yet.').waitFor();
  });

  test('is left by signing out', async () => {
    const { page, button } = opened();
    await button('Sign out').click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test('asked no other host for anything and had no error but the refusals that it showed', () => {
    const { complaints } = opened();
    const refusals = /the server responded with a status of (400|401)/;
    expect(complaints.filter((text) => !refusals.test(text))).toEqual([]);
    expect(complaints.length).toBeLessThan(6);
  });
}
