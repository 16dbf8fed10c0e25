import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { photo } from '../support/photos.ts';
import { file, openPage, type Watched } from './browser.ts';
import type { Service, Shared } from './service.ts';

/** `/docs`. */
export function docsTests(shared: () => Shared): void {
  describe('the page to try the API at', () => {
    let service: Service;
    let tab: Watched;
    let page: Page;
    beforeAll(async () => {
      service = shared().service;
      tab = await openPage(shared().browser, service.endpoint);
      page = tab.page;
      page.setDefaultTimeout(60_000);
      await page.goto(`${service.endpoint}/docs`);
    });
    afterAll(() => page?.context().close());

    /** An operation, open and ready to be filled in. */
    async function open(operation: string): Promise<Locator> {
      const block = page.locator(`.opblock[id$="-${operation}"]`);
      await block.locator('.opblock-summary-control').click();
      await block.getByRole('button', { name: 'Try it out' }).click();
      return block;
    }

    const inputOf = (block: Locator, name: string) =>
      block.locator(`tr[data-property-name="${name}"], tr[data-param-name="${name}"]`);

    /** Sends it as it is filled in. */
    async function execute(block: Locator): Promise<{ status: number; body: unknown }> {
      const [response] = await Promise.all([
        page.waitForResponse(/\/v[123]\//),
        block.getByRole('button', { name: 'Execute' }).click(),
      ]);
      return { status: response.status(), body: await response.json() };
    }

    test('takes the token of the reader, who has asked for it there', async () => {
      const { FRS_USER, FRS_PASSWORD, FRS_DOMAIN, FRS_REGION } = service.credentials;
      const user = { name: FRS_USER, password: FRS_PASSWORD, domain: { name: FRS_DOMAIN } };
      const body = {
        auth: {
          identity: { methods: ['password'], password: { user } },
          scope: { project: { name: FRS_REGION } },
        },
      };
      const block = await open('token-create');
      await block.locator('textarea').fill(JSON.stringify(body));
      expect(await execute(block)).toMatchObject({ status: 201 });
      const headers = await block.locator('.response .headerline, .responses-table pre').allInnerTexts();
      const token = /x-subject-token: (\S+)/i.exec(headers.join('\n'))?.[1] ?? '';
      expect(token.length).toBeGreaterThan(40);
      await page.getByRole('button', { name: 'Authorize' }).click();
      const dialog = page.locator('.auth-container', { hasText: 'X-Auth-Token' });
      await dialog.getByRole('textbox').fill(token);
      await dialog
        .getByRole('button', { name: 'Apply' })
        .or(dialog.locator('button[type=submit]'))
        .first()
        .click();
      await page.getByRole('button', { name: 'Close' }).first().click();
    });

    test.each([
      ['face-detect', { image_file: 1 }, { attributes: '2' }, { faces: [{ attributes: {} }, {}, {}] }],
      ['face-compare', { image1_file: 1, image2_file: 3 }, {}, { similarity: expect.any(Number) }],
    ] as const)(
      'sends the reader\u2019s files to %s in a form, and nothing that was not filled in',
      async (name, files, texts, body) => {
        const block = await open(name);
        await block.getByLabel('Request content type').selectOption('multipart/form-data');
        await inputOf(block, 'project_id').getByRole('textbox').fill(service.credentials.FRS_PROJECT_ID);
        for (const [field, number] of Object.entries(files)) {
          const chosen = file(`${number}.jpg`, photo(number));
          await inputOf(block, field).locator('input[type=file]').setInputFiles(chosen);
        }
        for (const [field, text] of Object.entries(texts))
          await inputOf(block, field).getByRole('textbox').fill(text);
        expect(await execute(block)).toMatchObject({ status: 200, body });
        expect(tab.complaints).toEqual([]);
      },
    );
  });
}
