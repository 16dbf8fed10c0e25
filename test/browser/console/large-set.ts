import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { ConsoleTab } from './tab.ts';

/** A set too large to read all of it. */
export function largeSetTests(opened: () => ConsoleTab): void {
  test('turns over the pages of a set of 100,000 faces without reading all of them', async () => {
    const { page, button, people } = opened();
    const asked = await pretendLargeSet(page);
    await page.evaluate(() => {
      location.hash = '#/people/large';
    });
    await page.getByText('2,000 of 100,000 faces are loaded').waitFor();
    expect(asked.limits).toEqual([200, 1000, 800]);
    const later = page.getByRole('navigation', { name: 'Rows' }).getByRole('button', { name: 'Later' });
    await later.click();
    await expect.poll(people).toContain('p48');
    await button('Load more').click();
    await page.getByText('3,000 of 100,000 faces are loaded').waitFor();
    // Who isn't loaded is looked up.
    await page.getByLabel('Find by name, id or value').fill('p99999');
    await expect.poll(people).toEqual(['p99999']);
    expect(asked.filters).toEqual(['external_image_id:p99999']);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
}

/** Answers for the service as if there were a set of 100,000 people: to add them would take an hour. */
async function pretendLargeSet(page: Page) {
  const asked = { limits: [] as number[], filters: [] as string[] };
  const face = (number: number) => ({
    face_id: `face${number}`,
    external_image_id: `p${number}`,
    external_fields: {},
    bounding_box: { top_left_x: 0, top_left_y: 0, width: 100, height: 100 },
  });
  await page.route(/face-sets\/large(\/|$)/, async (route) => {
    const url = new URL(route.request().url());
    const number = (name: string) => Number(url.searchParams.get(name));
    if (url.pathname.endsWith('/search')) {
      const { filter } = route.request().postDataJSON() as { filter: string };
      asked.filters.push(filter);
      return route.fulfill({ json: { faces: [face(Number(filter.split(':p')[1]))] } });
    }
    if (url.pathname.endsWith('/faces')) {
      if (number('limit') > 1) asked.limits.push(number('limit'));
      const faces = Array.from({ length: number('limit') }, (_, index) => face(number('offset') + index));
      return route.fulfill({ json: { faces } });
    }
    const face_set_info = {
      face_set_name: 'large',
      face_set_id: 'large',
      face_number: 100_000,
      face_set_capacity: 100_000,
      create_date: '2030-01-01 00:00:00',
      external_fields: {},
    };
    return route.fulfill({ json: { face_set_info } });
  });
  return asked;
}
