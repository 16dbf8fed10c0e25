import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { amount, seedOf } from '@openfrs/testing/sample';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where every page is photographed, if at all. Never in the repository: they show people. */
const screenshots = process.env.FRS_TEST_SCREENSHOTS;

export interface Watched {
  readonly page: Page;
  /** Errors of the page and requests to other hosts than `endpoint`, so far. */
  readonly complaints: readonly string[];
}

/** A tab whose every error and every request to another host is remembered. */
export async function openPage(browser: Browser, endpoint: string): Promise<Watched> {
  const context = await browser.newContext({
    locale: 'en-GB',
    reducedMotion: 'reduce',
    viewport: { width: 1200, height: 900 },
    permissions: ['camera', 'clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:' && origin !== endpoint) complaints.push(request.url());
  });
  return { page, complaints };
}

const axeCode = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Whether the page, as it is now, breaks a rule of axe's; of the dark theme only what differs there: its contrasts, of one page in three. */
export async function inspect(page: Page, name: string): Promise<void> {
  // Untouched by the page's policy. A page that nobody inspects needs not compile it.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeCode);
  const isDarkDrawn = seedOf(`dark/${name}`) % amount(3, 1) === 0;
  for (const colorScheme of isDarkDrawn ? (['light', 'dark'] as const) : (['light'] as const)) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(
      async (options) => {
        const { axe } = globalThis as unknown as { axe: Axe };
        // What holds is many times as much, and nobody asks for it.
        const { violations } = await axe.run(document, { ...options, resultTypes: ['violations'] });
        return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      },
      colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : {},
    );
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
  if (screenshots !== undefined) await photograph(page, name, screenshots);
}

interface Axe {
  run(context: unknown, options: { runOnly?: string[]; resultTypes: string[] }): Promise<AxeResults>;
}

/** What the README shows of a page: the pictures of people on it are blurred until nobody can be told. */
export async function takeReadmePicture(page: Page): Promise<void> {
  if (screenshots === undefined) return;
  await page.emulateMedia({ colorScheme: 'light' });
  const blur = (filter: string) =>
    page.locator('main :is(img, canvas)').evaluateAll((all, value) => {
      for (const one of all) (one as HTMLElement).style.filter = value;
    }, filter);
  await blur('blur(8px)');
  await page.screenshot({ path: join(screenshots, 'readme.png') });
  await blur('');
}

/** The page in both languages and both themes. */
async function photograph(page: Page, name: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const menu = page.getByRole('button', { name: /^(Menu|菜单)$/ });
  const turn = async (to: string) => {
    // What is modal lets nobody press the button.
    if ((await page.getByRole('dialog').count()) > 0) return false;
    const language = page.getByRole('button', { name: to, exact: true });
    if (!(await language.isVisible())) await menu.click();
    await language.click();
    // The menu folds itself up again.
    return true;
  };
  const shoot = async (language: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(folder, `${name}-${language}-${colorScheme}.png`), fullPage: true });
    }
  };
  const isChinese = (await page.evaluate(() => document.documentElement.lang)) === 'zh-CN';
  const [own, other, toOther, toOwn] = isChinese
    ? ['zh', 'en', 'English', '中文']
    : ['en', 'zh', '中文', 'English'];
  await shoot(own);
  if (!(await turn(toOther))) return;
  await shoot(other);
  await turn(toOwn);
}

/** A file as a file dialog would give it. */
export function file(name: string, buffer: Buffer, mimeType = 'image/jpeg') {
  return { name, mimeType, buffer };
}

export const fileAt = (path: string, mimeType: string) =>
  file(path.split('/').at(-1) ?? '', readFileSync(path), mimeType);
