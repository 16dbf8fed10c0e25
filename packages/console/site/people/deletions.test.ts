import { expect, test } from 'vitest';
import type { Api } from '../api/api.ts';
import { type Deletion, Deletions } from './deletions.tsx';

/** The API as far as a deletion sees it: each request waits until it is let go. */
function recordedApi() {
  const waiting: { path: string; settle: (error?: Error) => void }[] = [];
  const api = {
    call: ({ path }: { path: string }) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ path, settle: (error) => (error ? reject(error) : resolve()) });
      }),
  } as unknown as Api;
  return { api, waiting, paths: () => waiting.map(({ path }) => path.split('=')[1]) };
}

const people = (...values: string[]): Deletion => ({
  set: 'staff',
  field: 'external_image_id',
  items: values.map((value) => ({ value, name: value })),
});
const isHidden = (deletions: Deletions, value: string) =>
  deletions.hides('staff', 'external_image_id', value);

test('what is pending is hidden, and an undo brings it back undeleted', async () => {
  const { api, paths } = recordedApi();
  const deletions = new Deletions(api);
  deletions.ask(people('ann'));
  expect(isHidden(deletions, 'ann')).toBe(true);
  deletions.undo();
  await deletions.commit();
  expect(isHidden(deletions, 'ann')).toBe(false);
  expect(paths()).toEqual([]);
});

test('what is being deleted stays hidden, is deleted once, and no undo claims to bring it back', async () => {
  const { api, waiting, paths } = recordedApi();
  const deletions = new Deletions(api);
  deletions.ask(people('ann', 'eve'));
  const first = deletions.commit();
  const again = deletions.commit();
  deletions.resume();
  deletions.undo();
  expect(deletions.pending).toBeUndefined();
  expect(isHidden(deletions, 'ann')).toBe(true);
  for (const count of [1, 2]) {
    await expect.poll(() => waiting.length).toBe(count);
    waiting[count - 1]?.settle();
  }
  await Promise.all([first, again]);
  expect(paths()).toEqual(['ann', 'eve']);
  expect(isHidden(deletions, 'ann')).toBe(false);
  expect(deletions.failed).toBeUndefined();
});

test('a deletion that is asked for meanwhile waits its turn, and can be undone beside the failure of the first', async () => {
  const { api, waiting, paths } = recordedApi();
  const deletions = new Deletions(api);
  deletions.ask(people('ann', 'eve', 'mia'));
  deletions.ask(people('bob'));
  for (const count of [1, 2, 3]) {
    await expect.poll(() => waiting.length).toBe(count);
    waiting[count - 1]?.settle(count === 2 ? new Error('gone') : undefined);
  }
  await expect.poll(() => deletions.failed).toMatchObject({ deleted: 2, asked: 3 });
  expect(deletions.pending).toEqual(people('bob'));
  deletions.undo();
  await deletions.commit();
  expect(paths()).toEqual(['ann', 'eve', 'mia']);
});
