import { frsClient } from '@openfrs/client';
import { type OperationName, operations } from '@openfrs/contract';
import { sampled } from '@openfrs/testing/sample';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallPhoto } from '../support/small-photos.ts';
import { file, openPage, type Watched } from './browser.ts';
import type { Service, Shared } from './service.ts';

/** An operation as a reader of the page tries it. */
interface Try {
  readonly name: OperationName;
  /** Photos by field of a form. */
  readonly files?: Readonly<Record<string, 1 | 2 | 3>>;
  readonly form?: Readonly<Record<string, string>>;
  /** Of the path and the query. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly json?: () => object;
  readonly status?: number;
  readonly body: object;
}

/** `/docs`. */
export function docsTests(shared: () => Shared): void {
  describe('the page to try the API at', () => {
    let service: Service;
    let faceId = '';
    let tab: Watched;
    let page: Page;
    beforeAll(async () => {
      service = shared().service;
      faceId = await enrolled();
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
      // What is open is drawn anew with each change of the page.
      await block.locator('.opblock-summary-control').click();
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

    const set = { face_set_name: 'docs' };
    const ann = { external_image_id: 'ann' };
    const cat = { external_image_id: 'cat' };
    /** Who is in the set before any operation is tried, so that each can be tried without the others. @returns Ann's face */
    async function enrolled(): Promise<string> {
      const { FRS_ENDPOINT, FRS_PROJECT_ID, FRS_AK, FRS_SK } = service.credentials;
      const client = frsClient({
        ...{ endpoint: FRS_ENDPOINT, projectId: FRS_PROJECT_ID, credentials: { ak: FRS_AK, sk: FRS_SK } },
      });
      await client.faceSetCreate({ ...set, external_fields: { timestamp: { type: 'long' } } });
      const image_file = new Blob([new Uint8Array(smallPhoto(2))]);
      const external_fields = { timestamp: 1 };
      const add = (who: object) =>
        client.faceAdd({ ...set, image_file, external_fields, single: true, ...who });
      const [{ faces }] = [await add(ann), await add(cat)];
      return faces[0]?.face_id ?? '';
    }
    const found = { faces: expect.arrayContaining([expect.objectContaining(ann)]) };
    /** Every operation, in an order in which none takes away what another needs: what is filled in, and what is answered. */
    const tries: readonly Try[] = [
      { name: 'project-list', body: { projects: [{}] } },
      { name: 'domain-list', body: { domains: [{}] } },
      { name: 'subscription-show', body: { max_face_set_number: 10 } },
      { name: 'upload-create', body: { url: expect.any(String), fields: { key: expect.any(String) } } },
      { name: 'live-challenge-create', body: { challenge_id: expect.any(String) } },
      {
        name: 'face-detect',
        files: { image_file: 1 },
        form: { attributes: '2' },
        body: { faces: [{ attributes: {} }, {}, {}] },
      },
      {
        name: 'face-compare',
        files: { image1_file: 1, image2_file: 3 },
        body: { similarity: expect.any(Number) },
      },
      {
        name: 'live-detect-face',
        files: { image_file: 1 },
        body: { result: { alive: expect.any(Boolean) } },
      },
      // A photo is no video: that the file came is told by what is said of it.
      {
        name: 'live-detect',
        files: { video_file: 1 },
        form: { actions: '1' },
        status: 400,
        body: { error_code: expect.stringMatching(/^FRS\.07/) },
      },
      {
        name: 'face-set-create',
        json: () => ({ face_set_name: 'made', external_fields: { timestamp: { type: 'long' } } }),
        body: { face_set_info: { face_set_name: 'made' } },
      },
      {
        name: 'face-set-list',
        body: { face_sets_info: expect.arrayContaining([expect.objectContaining(set)]) },
      },
      { name: 'face-set-show', parameters: set, body: { face_set_info: set } },
      {
        name: 'face-add',
        parameters: set,
        files: { image_file: 2 },
        form: { ...ann, external_fields: '{"timestamp":1}' },
        body: found,
      },
      { name: 'face-list', parameters: { ...set, limit: '5' }, body: found },
      {
        name: 'face-search',
        parameters: set,
        files: { image_file: 2 },
        form: { sort: '[{"timestamp":"asc"}]', return_fields: '["timestamp"]' },
        body: found,
      },
      {
        name: 'face-update',
        parameters: set,
        json: () => ({ face_id: faceId, external_image_id: 'bea' }),
        body: { face_number: 1 },
      },
      {
        name: 'face-delete',
        parameters: { ...set, field: JSON.stringify(cat) },
        body: { face_number: 1 },
      },
      {
        name: 'face-delete-batch',
        parameters: set,
        json: () => ({ filter: 'external_image_id:ann' }),
        body: { face_number: expect.any(Number) },
      },
      { name: 'face-set-delete', parameters: set, body: set },
    ];
    /** What is filled in: a run draws one operation of each. */
    const formOf = ({ files, parameters, json, name }: Try): string => {
      if (json !== undefined) return 'JSON';
      const file = ['face-compare', 'live-detect'].includes(name) ? 'two photos, or a video' : 'a photo';
      const project =
        name.startsWith('project') || name.startsWith('domain') ? 'nothing at all' : 'the project';
      return [files ? file : project, parameters ? 'a set' : ''].join(', ');
    };

    test('tries every operation', () => {
      const tried = ['token-create', ...tries.map(({ name }) => name)];
      expect(tried.sort()).toEqual(operations.map(({ name }) => name as string).sort());
    });

    test.each(sampled(tries, formOf))(
      'executes $name with what was filled in, and nothing else',
      async (one) => {
        const { name, files = {}, form = {}, parameters = {}, json, status = 200, body } = one;
        const block = await open(name);
        if (Object.keys(files).length > 0)
          await block.getByLabel('Request content type').selectOption('multipart/form-data');
        const project = inputOf(block, 'project_id');
        if ((await project.count()) > 0)
          await project.getByRole('textbox').fill(service.credentials.FRS_PROJECT_ID);
        for (const [field, number] of Object.entries(files)) {
          const chosen = file(`${number}.jpg`, smallPhoto(number));
          await inputOf(block, field).locator('input[type=file]').setInputFiles(chosen);
        }
        for (const [field, text] of Object.entries({ ...parameters, ...form }))
          await inputOf(block, field).getByRole('textbox').fill(text);
        if (json !== undefined) {
          await block.locator('textarea').fill(JSON.stringify(json()));
        }
        const answer = await execute(block);
        expect(answer).toMatchObject({ status, body });
        await block.locator('.opblock-summary-control').click();
      },
    );

    test('asked no other host for anything and had no error', () => {
      // Of the file that is no video.
      const refusal = /the server responded with a status of 400/;
      expect(tab.complaints.filter((text) => !refusal.test(text))).toEqual([]);
    });
  });
}
