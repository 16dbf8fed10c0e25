import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frsClient } from '@openfrs/client';
import { amount } from '@openfrs/testing/sample';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { photo } from '../../support/photos.ts';
import { inspect } from '../browser.ts';
import { type SampleFace, writeCrowd } from '../people-folder.ts';
import { type Shared, signIn } from '../service.ts';
import { type ConsoleTab, openConsole } from './tab.ts';

/** More than a page of people; every night the whole folder. */
const count = amount(50, 200);
const someone = 'p042';

/** The task of a new user: a folder of people, until one of them is found. */
export function crowdTests(shared: () => Shared): void {
  describe(`a folder of ${count} people`, () => {
    let tab: ConsoleTab;
    let crowd: string;
    const client = () => {
      const { FRS_ENDPOINT, FRS_PROJECT_ID, FRS_AK, FRS_SK } = shared().service.credentials;
      return frsClient({
        ...{ endpoint: FRS_ENDPOINT, projectId: FRS_PROJECT_ID, credentials: { ak: FRS_AK, sk: FRS_SK } },
      });
    };
    const size = async () =>
      (await client().faceSetShow({ face_set_name: 'crowd' })).face_set_info.face_number;
    beforeAll(async () => {
      crowd = await mkdtemp(join(tmpdir(), 'openfrs-crowd-'));
      await writeCrowd(crowd, count, await sampleFaces());
    });
    afterAll(async () => {
      await tab?.close();
      await rm(crowd, { recursive: true, force: true });
    });

    test('is enrolled, and one of them found, from the first page on', async () => {
      const begun = performance.now();
      tab = await openConsole(shared());
      const { page, service, visit, choose, button } = tab;
      // Until all are through.
      page.setDefaultTimeout(400_000);
      await signIn(page, service);
      await page.getByRole('link', { name: 'Enrol people' }).first().click();
      await page.getByLabel('Name', { exact: true }).fill('crowd');
      await button('Create').click();
      await page.getByLabel('Folder with one folder a person').setInputFiles(crowd);
      // Unchecked, as a hurried user does: `enrolment.ts` has the check, which would look at each photo once more.
      await button(`Enrol ${count} photos`).waitFor();
      const lost = await loseAnswer(page, '*/face-sets/crowd/faces');
      await button(`Enrol ${count} photos`).click();
      await page.getByRole('link', { name: 'See the people' }).waitFor();
      const enrolled = performance.now();
      // It was added when its answer was lost, and is not there twice.
      expect(lost).toEqual([200]);
      expect(await size()).toBe(count);
      await visit('Search');
      const portrait = await readFile(join(crowd, someone, '1.jpg'));
      await choose('Choose photos', { name: 'who.jpg', buffer: portrait });
      await page.getByText(someone, { exact: true }).first().waitFor();
      const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
      const found = performance.now();
      console.log(
        `${count} people: ${seconds(begun, enrolled)} s from opening the page until all are enrolled, ${seconds(begun, found)} s until one is found.`,
      );
      await inspect(page, 'search-crowd');
      // Every photo, on what may be two busy cores.
    }, 900_000);

    test('is shown page by page; a name is corrected, and one person deleted', async () => {
      const { page, visit, button, people } = tab;
      await visit('People');
      await page.getByRole('link', { name: 'crowd', exact: true }).click();
      const find = page.getByLabel('Find by name, id or value');
      await find.fill(someone);
      await expect.poll(people).toEqual([someone]);
      await page.getByLabel(`Choose ${someone}`).check();
      await button('Edit').click();
      await page.getByLabel('external_image_id').fill('zoe');
      await button('Save').click();
      await find.fill('zoe');
      await expect.poll(people).toEqual(['zoe']);
      await page.getByLabel('Choose zoe').check();
      await button('Delete').click();
      await button('Delete now').click();
      await expect.poll(size).toBe(count - 1);
      await find.fill('');
      await expect.poll(async () => (await people()).length).toBeGreaterThan(20);
      await inspect(page, 'people-crowd');
      await client().faceSetDelete({ face_set_name: 'crowd' });
    });

    test('had no error but the answer that was lost', () => {
      const lost = /net::ERR_FAILED/;
      expect(tab.complaints.filter((text) => !lost.test(text))).toEqual([]);
    });

    /** The faces of the photos that any machine has, found by the service. */
    async function sampleFaces(): Promise<SampleFace[]> {
      const found = await Promise.all(
        ([1, 2, 3, 4, 5, 6] as const).map(async (number) => {
          const image_file = new Blob([new Uint8Array(photo(number))]);
          const { faces } = await client().faceDetect({ image_file, attributes: '12' });
          // Who stands at the back is refused when enrolling.
          const clear = faces.filter(({ attributes }) => (attributes?.quality?.recognizability ?? 0) > 0.85);
          return clear.map(({ bounding_box: box }) => ({ number, box }));
        }),
      );
      return found.flat();
    }
  });
}

/**
 * Loses the first answer from there on its way to the page, once the service has given it. (Playwright's own routes would send a form
 * again without its files.)
 * @returns statuses of what was lost, as they are lost
 */
async function loseAnswer(page: Page, urlPattern: string): Promise<(number | undefined)[]> {
  const lost: (number | undefined)[] = [];
  const session = await page.context().newCDPSession(page);
  session.on('Fetch.requestPaused', ({ requestId, responseStatusCode }) => {
    if (lost.length > 0) return session.send('Fetch.continueRequest', { requestId });
    lost.push(responseStatusCode);
    return session.send('Fetch.failRequest', { requestId, errorReason: 'Failed' });
  });
  await session.send('Fetch.enable', { patterns: [{ urlPattern, requestStage: 'Response' }] });
  return lost;
}
