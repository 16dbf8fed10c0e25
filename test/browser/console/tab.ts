import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { smallPhoto } from '../../support/small-photos.ts';
import { file, openPage, type Watched } from '../browser.ts';
import { writePeople } from '../people-folder.ts';
import type { Service, Shared } from '../service.ts';

interface NamedPhoto {
  readonly name: string;
  readonly buffer: Buffer;
}

/** The console in a tab, and what its tests do there again and again. */
export interface ConsoleTab extends Watched {
  readonly service: Service;
  /** Of this machine; `people` in it is a folder of people. */
  readonly folder: string;
  /** Goes to a page by the menu. */
  visit(name: string): Promise<void>;
  /** Chooses photos for the input of that label. */
  choose(label: string, ...photos: readonly NamedPhoto[]): Promise<void>;
  button(name: string | RegExp): Locator;
  /** The faces that are drawn on a photo. */
  faces(): Locator;
  /** Names of the people that are shown. */
  people(): Promise<string[]>;
  /** The faces of the set `people` as the service has them. */
  listed(): Promise<readonly { readonly external_image_id: string; readonly external_fields: object }[]>;
  close(): Promise<void>;
}

export const sample = (number: 1 | 2 | 3 | 4 | 5 | 6): NamedPhoto => ({
  name: `sample${number}.jpg`,
  buffer: smallPhoto(number),
});

export async function openConsole({ service, browser }: Shared): Promise<ConsoleTab> {
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-people-'));
  await writePeople(join(folder, 'people'));
  const tab = await openPage(browser, service.endpoint);
  const { page } = tab;
  page.setDefaultTimeout(60_000);
  await page.goto(service.console ?? '');
  return {
    ...tab,
    ...{ service, folder },
    visit: (name) => page.getByRole('navigation', { name: 'Pages' }).getByText(name, { exact: true }).click(),
    choose: (label, ...photos) =>
      page
        .getByLabel(label, { exact: true })
        .setInputFiles(photos.map(({ name, buffer }) => file(name, buffer))),
    button: (name) => page.getByRole('button', { name, exact: true }),
    faces: () => page.getByRole('group', { name: /^Faces: / }).getByRole('button'),
    people: () => page.locator('.person strong').allTextContents(),
    listed: () =>
      page.evaluate(async () => {
        const { token, project } = JSON.parse(sessionStorage.getItem('openfrs.session') ?? '{}');
        const answer = await fetch(`v2/${project}/face-sets/people/faces?limit=100`, {
          headers: { 'X-Auth-Token': token },
        });
        return (await answer.json()).faces;
      }),
    async close() {
      await page.context().close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
