import { expect, test } from 'vitest';
import { inspect, openPage } from '../browser.ts';
import { signIn } from '../service.ts';
import type { ConsoleTab } from './tab.ts';

/** Accounts and settings, by the developer of `npm start`, who is an operator; and by somebody who is none. */
export function operatorTests(opened: () => ConsoleTab): void {
  const made: Record<string, string> = {};

  test('an operator makes an account and is shown its secrets once', async () => {
    const { page, service, visit, button } = opened();
    await visit('Accounts');
    await page.getByRole('row', { name: /^developer enabled operator/ }).waitFor();
    await page.getByRole('row', { name: service.credentials.FRS_AK }).waitFor();
    await page.getByText('New account').click();
    await page.getByLabel('Domain', { exact: true }).fill('newco');
    await page.getByLabel('User', { exact: true }).fill('eve');
    await button('Create').click();
    await page.getByText('This is shown once').waitFor();
    for (const name of ['FRS_DOMAIN', 'FRS_USER', 'FRS_PASSWORD', 'FRS_AK']) {
      made[name] = (await page.locator(`dt:text-is("${name}") + dd`).textContent()) ?? '';
    }
    expect(made).toMatchObject({ FRS_DOMAIN: 'newco', FRS_USER: 'eve' });
    await page.getByRole('combobox', { name: 'Domain' }).selectOption('newco');
    await page.getByRole('row', { name: /^eve enabled/ }).waitFor();
    expect(await page.getByText(made.FRS_PASSWORD ?? '').count()).toBe(0);
    await inspect(page, 'accounts');
  });

  test('changes quotas and disables a key, which then opens nothing', async () => {
    const { page, button } = opened();
    await button('Quotas of cn-north-4').click();
    await page.getByRole('dialog').getByLabel('Face sets').fill('3');
    await inspect(page, 'accounts-quotas');
    const { y } = (await page.getByRole('dialog').boundingBox()) ?? { y: 0 };
    expect(y, 'far from the top').toBeGreaterThan(100);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /^cn-north-4.* enabled 3 100,000 unlimited/ }).waitFor();
    await button(`Disable ${made.FRS_AK}`).click();
    await page.getByRole('row', { name: new RegExp(`^${made.FRS_AK} eve disabled`) }).waitFor();
  });

  test('sees the settings, and no secret among them', async () => {
    const { page, visit } = opened();
    await visit('Service');
    await page.getByRole('row', { name: /^PORT / }).waitFor();
    await page.getByText('The service is well').waitFor();
    await inspect(page, 'service');
  });

  test('somebody else is offered no such page, and refused where they go to it', async () => {
    const { page: own, service } = opened();
    const browser = own.context().browser();
    if (!browser) throw new Error('There is no browser.');
    const { page } = await openPage(browser, service.endpoint);
    await page.goto(service.console ?? '');
    await signIn(page, { ...service, credentials: { ...service.credentials, ...made } });
    const menu = page.getByRole('navigation', { name: 'Pages' });
    await menu.getByText('Usage', { exact: true }).waitFor();
    expect(await menu.getByText('Accounts', { exact: true }).count()).toBe(0);
    await page.goto(`${service.console}#/accounts`);
    await page.getByText('This page is for operators').waitFor();
    await inspect(page, 'accounts-refused');
    await page.context().close();
  });
}
