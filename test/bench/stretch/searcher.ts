import { readFilter } from '@openfrs/contract';
import type { FaceSet, SearchQuery } from '@openfrs/core';
import { readConfig } from '@openfrs/core';
import { createClients, createFaceSets } from '@openfrs/store';
import { hostileFilters, type Stretch, stretchOf } from './measure.ts';

/* A new process that searches a stored set for the first time, then in hostile ways; run by stretch.ts. */

export interface Task {
  readonly project: string;
  readonly name: string;
  /** So many faces are deleted by a filter at the end. */
  readonly deleted: number;
}

async function measure({ project, name, deleted }: Task): Promise<Stretch[]> {
  const { dynamodb, s3, destroy } = createClients(readConfig().aws);
  const faceSets = createFaceSets({ dynamodb, s3, table: 'openfrs-data', bucket: 'openfrs-index' });
  const set: FaceSet = await faceSets.get(project, name);
  const [face] = await faceSets.page(set, 0, 1);
  // The fields have longer names than a hostile client would give them: so many conditions as fit into a filter.
  const filterOf = (text: string) => {
    const renamed = text.replaceAll('a:', 'badge:').replaceAll('b:', 'age:');
    const end = renamed.length <= 16_384 ? renamed.length : renamed.lastIndexOf('||', 16_384);
    return readFilter(renamed.slice(0, end), set.fields);
  };
  const search = (more: Partial<SearchQuery> = {}) =>
    faceSets.search(set, { probe: { faceId: face?.faceId ?? '' }, topN: 10, minCosine: -1, ...more });
  const found = [await stretchOf('first search', () => search())];
  found.push(await stretchOf('all that is read behind it', () => faceSets.whenIdle()));
  for (let i = 0; i < 20; i += 1) await search();
  found.push(await stretchOf('warm search by face_id', () => search()));
  for (const [kind, text] of Object.entries(hostileFilters)) {
    found.push(await stretchOf(`warm search, filter: ${kind}`, () => search({ filter: filterOf(text) })));
  }
  found.push(await stretchOf('list at offset 9,000', () => faceSets.page(set, 9000, 100)));
  if (deleted > 0) {
    const filter = readFilter(`badge:[* TO ${7_000_000_000 + deleted}}`, set.fields);
    found.push(await stretchOf(`delete ${deleted} by filter`, () => faceSets.removeMatching(set, filter)));
    found.push(await stretchOf('first search after that', () => search({ probe: { vector: probe(set) } })));
  }
  destroy();
  return found;
}

const probe = ({ dimension }: FaceSet) => new Float32Array(dimension).fill(1);

process.once('message', async (task: Task) => {
  process.send?.(await measure(task));
  process.disconnect();
});
