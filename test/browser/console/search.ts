import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../../support/compiled.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { inspect, takeReadmePicture } from '../browser.ts';
import { type ConsoleTab, sample } from './tab.ts';

/** Who is on a photo, and the same as code. */
export function searchTests(opened: () => ConsoleTab): void {
  test('finds everybody on a photo, and says plainly who is unknown', async () => {
    const { page, visit, choose, button } = opened();
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
    await takeReadmePicture(page);
    await button(/^\d\. unknown$/)
      .first()
      .click();
    await page.getByText('Nobody among the 3 faces of people is alike enough.').waitFor();
    await inspect(page, 'search-unknown');
  });

  test('searches on as it is told: for another risk, under a filter', async () => {
    const { page, button } = opened();
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
    const { page, service, folder, button } = opened();
    await page.getByText('The same as code').click();
    const codeOf = async (language: string) => {
      await button(language).click();
      return (await page.locator('.request-log pre').first().textContent()) ?? '';
    };
    const TOKEN = await page.evaluate(
      () => JSON.parse(sessionStorage.getItem('openfrs.session') ?? '{}').token,
    );
    const { bin, env } = await compiled();
    const settings = { ...env, ...service.credentials, TOKEN, FRS_ENDPOINT: service.endpoint };
    const run = runner(folder, settings);
    await writeFile(join(folder, 'sample1.jpg'), smallPhoto(1));
    expect(await run('sh', ['-c', await codeOf('curl')])).toContain('"mia"');
    await writeFile(join(folder, 'code.mjs'), await codeOf('TypeScript'));
    expect(await run('node', ['code.mjs'])).toContain("'mia'");
    const command = (await codeOf('openfrs')).replace('npx openfrs', 'openfrs');
    expect(await run('sh', ['-c', `openfrs() { node '${bin}' "$@"; }; ${command}`])).toContain('mia');
    const python = await codeOf('Python');
    // Where the machine has what it asks for.
    const hasRequests = await run('python3', ['-c', 'import requests']).then(
      () => true,
      () => false,
    );
    if (hasRequests) expect(await run('python3', ['-c', python])).toContain("'mia'");
  });
}

/** Runs a program with these secrets in its environment, as a user would; answers what it prints. */
function runner(cwd: string, environment: Readonly<Record<string, string>>) {
  return async (program: string, words: readonly string[]) => {
    const env = { ...process.env, ...environment };
    return (await promisify(execFile)(program, words, { cwd, env })).stdout;
  };
}
