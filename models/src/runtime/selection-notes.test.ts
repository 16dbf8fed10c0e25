import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeSelection } from './selection.ts';
import { selectionNotes } from './selection-notes.ts';

it('tells that the detectors in use are of too few kinds to judge doubtful faces', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-selection-'));
  expect(await selectionNotes({ dir })).toEqual([]);
  await writeSelection(dir, { added: [], use: { detector: ['yunet-n', 'yunet-s'] } });
  expect(await selectionNotes({ dir })).toEqual([expect.stringMatching(/yunet-n, yunet-s.*models use npm/)]);
  await rm(dir, { recursive: true });
});
