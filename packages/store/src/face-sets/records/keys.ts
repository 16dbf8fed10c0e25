/** The keys of the data table, in one place. Numbers are padded so that the text order is the numbers' order. */

/** Digits of a face number or a revision in a key: more than one set can ever use. */
const digits = 12;

export const directoryKey = (projectId: string) => ({ pk: `PROJECT#${projectId}`, sk: 'SETS' });

/** All projects that ever had a set, one item each. */
export const projectsPartition = 'PROJECTS';

export const setPartition = (setId: string) => `SET#${setId}`;

export const manifestKey = (setId: string) => ({ pk: setPartition(setId), sk: 'META' });

export const faceSortKey = (number: number) => `F#${String(number).padStart(digits, '0')}`;
export const faceKey = (setId: string, number: number) => ({
  pk: setPartition(setId),
  sk: faceSortKey(number),
});

export const changeSortKey = (revision: number) => `C#${String(revision).padStart(digits, '0')}`;
export const changeKey = (setId: string, revision: number) => ({
  pk: setPartition(setId),
  sk: changeSortKey(revision),
});

export const importKey = (setId: string, id: string) => ({ pk: setPartition(setId), sk: `I#${id}` });

/** Which faces of its file an import leaves out; `at` is that of its entry in flight. */
export const importSkipKey = (setId: string, id: string, at: number) => ({
  pk: setPartition(setId),
  sk: `I#${id}#${at}`,
});

export const idempotencyKey = (setId: string, id: string) => ({ pk: setPartition(setId), sk: `O#${id}` });

/** The number in the sort key of a face or a change. */
export const numberOf = (sortKey: string) => Number(sortKey.slice(2));

/** From before the first to behind the last sort key. */
export const everySortKey = [' ', '~'] as const;
