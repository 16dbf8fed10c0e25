import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { launchOptions } from './chromium.ts';
import { openService, signIn } from './service.ts';

/*
 * `npm run lighthouse`: Lighthouse's scores of every page of the console, on a desktop and on a phone; exit code 1 where accessibility or best
 * practices are below 100. npx fetches it: it is too large to be installed for all.
 */

const lighthouse = 'lighthouse@12.8.2';
const categories = ['performance', 'accessibility', 'best-practices'] as const;

interface Report {
  readonly categories: Readonly<
    Record<string, { readonly score: number | null; readonly auditRefs: readonly { readonly id: string }[] }>
  >;
  readonly audits: Readonly<
    Record<
      string,
      { readonly title: string; readonly score: number | null; readonly scoreDisplayMode: string }
    >
  >;
}

const folder = await mkdtemp(join(tmpdir(), 'openfrs-lighthouse-'));
const service = await openService();
const port = await freePort();
const browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
  ...launchOptions(),
  args: [...launchOptions().args, `--remote-debugging-port=${port}`],
});
try {
  const address = service.console ?? '';
  await measure('sign-in', address);
  const page = await browser.newPage();
  await page.goto(address);
  await signIn(page, service);
  const session = await page.evaluate(() => sessionStorage.getItem('openfrs.session') ?? '');
  // Lighthouse opens a tab of its own, which has to be signed in.
  await browser.addInitScript((text) => sessionStorage.setItem('openfrs.session', text), session);
  const menu = await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  for (const place of menu) await measure(place.slice(2), `${address}${place}`);
} finally {
  await browser.close();
  await service.end();
  await rm(folder, { recursive: true, force: true });
}

async function measure(name: string, address: string): Promise<void> {
  await measureOn('desktop', name, address, ['--preset=desktop']);
  // Lighthouse's own: a slow phone on a slow network.
  await measureOn('phone', name, address, []);
}

async function measureOn(
  device: string,
  name: string,
  address: string,
  preset: readonly string[],
): Promise<void> {
  const path = join(folder, `${name}-${device}.json`);
  const only = `--only-categories=${categories.join(',')}`;
  const words = [`--port=${port}`, ...preset, '--disable-storage-reset', '--quiet', only];
  await promisify(execFile)('npx', [
    '--yes',
    lighthouse,
    address,
    ...words,
    '--output=json',
    `--output-path=${path}`,
  ]);
  const { categories: found, audits } = JSON.parse(await readFile(path, 'utf8')) as Report;
  for (const category of categories) {
    const { score, auditRefs = [] } = found[category] ?? {};
    console.log(`${name} on a ${device}: ${category} ${Math.round((score ?? 0) * 100)}`);
    if (category === 'performance') continue;
    if (score !== 1) process.exitCode = 1;
    for (const { id } of auditRefs) {
      const audit = audits[id];
      if (audit?.scoreDisplayMode !== 'notApplicable' && audit?.score !== null && (audit?.score ?? 1) < 1)
        console.log(`  not reached: ${id}: ${audit?.title}`);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
