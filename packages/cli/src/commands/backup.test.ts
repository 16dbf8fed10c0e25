import { expect, test } from 'vitest';
import { compactRestored } from './backup.ts';

const done = { switched: true, written: 1, rows: 1, due: 1 };
const sets = ['people', 'guests', 'staff'].map((name) => ({ projectId: 'p', name }));

test('a restore whose index can\u2019t be written is one that succeeded, and says who writes it', async () => {
  const tried: string[] = [];
  const notes = await compactRestored(sets, {
    async compact(_projectId, name) {
      tried.push(name);
      if (name !== 'guests') throw new Error('the bucket is not reached');
      return done;
    },
  });
  expect(tried).toEqual(['people', 'guests', 'staff']);
  expect(notes).toEqual([
    expect.stringMatching(/is restored.*people, staff.*the bucket is not reached.*servers/),
  ]);
});

test('where all of it is written there is nothing to say', async () => {
  const compact = async () => done;
  expect(await compactRestored(sets, { compact })).toEqual([]);
});
