import { createFaceSets } from '@openfrs/store';
import { chores } from './chores.ts';
import { clients } from './clients.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

export const faceSets = once('face sets', () => {
  const { dataTable, indexBucket, searchCacheBytes } = settings();
  const { dynamodb, s3 } = clients();
  const limits = searchCacheBytes === undefined ? {} : { cacheBytes: searchCacheBytes };
  return createFaceSets({ dynamodb, s3, table: dataTable, bucket: indexBucket, limits, onChore: chores() });
});
