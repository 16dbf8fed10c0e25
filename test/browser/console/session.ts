import { expect, test } from 'vitest';
import { inspect } from '../browser.ts';
import { signIn } from '../service.ts';
import type { ConsoleTab } from './tab.ts';

/** Signing in, and what a new user sees first. */
export function signInTests(opened: () => ConsoleTab): void {
  test('is closed to those who do not know the password, and opens to those who do', async () => {
    const { page, service, button } = opened();
    await inspect(page, 'sign-in');
    await page.getByLabel('Password').fill('wrong');
    await button('Sign in').click();
    await page.getByRole('alert').waitFor();
    await signIn(page, service);
  });

  test('begins with an overview: nothing there yet, and the service is well', async () => {
    const { page } = opened();
    await page.getByText('There is no face set yet.').waitFor();
    await page.getByText('The service is well').waitFor();
    await page.getByRole('row', { name: /GET face-sets/ }).waitFor();
    await inspect(page, 'overview-empty');
  });

  test('shows the overview soon after a cold start', async () => {
    const { page, service } = opened();
    const session = await page.evaluate(() => sessionStorage.getItem('openfrs.session') ?? '');
    // A context of its own has nothing in its cache.
    const cold = await page.context().browser()?.newContext({ locale: 'en-GB' });
    if (!cold) throw new Error('There is no browser.');
    await cold.addInitScript((text) => sessionStorage.setItem('openfrs.session', text), session);
    const first = await cold.newPage();
    await first.goto(service.console ?? '', { waitUntil: 'commit' });
    const usable = await first.waitForFunction(() => {
      const text = document.body?.textContent ?? '';
      return text.includes('There is no face set yet.') && text.includes('is well') && performance.now();
    });
    const { requests, bytes } = await first.evaluate(() => {
      const all = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      return { requests: all.length, bytes: all.reduce((sum, { transferSize }) => sum + transferSize, 0) };
    });
    const ms = Math.round(Number(await usable.jsonValue()));
    console.log(
      `The overview is usable ${ms} ms after the navigation began, with a cold cache: ${requests} requests, ${Math.round(bytes / 1024)} KB.`,
    );
    expect(requests).toBeLessThan(10);
    expect(bytes).toBeLessThan(150 * 1024);
    // A second is aimed at; a loaded machine may take several.
    expect(ms).toBeLessThan(15_000);
    await cold.close();
  });
}
