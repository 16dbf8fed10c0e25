import { createMaintenance, createTransfer, type StoreOptions } from '@openfrs/store';
import { type Dataset, makeDataset } from '../search/data.ts';
import { time } from './timing.ts';

/** The default model's dimension. */
export const dimension = 192;

/** Three custom fields of different types, for those who want them. */
export const threeFields = [
  ['age', 'integer'],
  ['badge', 'long'],
  ['team', 'string'],
] as const;

export interface Filled {
  readonly data: Dataset;
  readonly importMs: number;
  readonly compactMs: number;
}

/** Makes a set of so many faces, five of a person, and compacts it, if it is to be. */
export async function fillSet(
  where: StoreOptions,
  project: string,
  name: string,
  faces: number,
  fields: typeof threeFields | readonly [] = [],
  isCompacted = true,
): Promise<Filled> {
  const data = makeDataset('clustered', faces, dimension, 50);
  async function* lines() {
    const capacity = Math.max(100_000, faces);
    const model = { model: 'fr-feature-192', dimension };
    yield JSON.stringify({ kind: 'openfrs.face-set', version: 1, name, capacity, fields, ...model });
    for (let row = 0; row < faces; row += 1) {
      yield JSON.stringify({
        external_image_id: `person-${Math.floor(row / 5)}`,
        bounding_box: [10, 10, 90, 90],
        vector: Buffer.from(data.vectors.buffer, row * dimension * 4, dimension * 4).toString('base64'),
        ...(fields.length > 0 && {
          fields: { age: 18 + (row % 60), badge: 7_000_000_000 + row, team: `team_${row % 40}` },
        }),
      });
    }
  }
  const importMs = await time(async () => {
    await createTransfer(where).importSet(project, lines, { maxSets: 10 });
  });
  const compactMs = await time(async () => {
    if (isCompacted) await createMaintenance(where).compact(project, name);
  });
  return { data, importMs, compactMs };
}
