import { createUpkeep } from '@openfrs/store';
import { clients } from './clients.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** The work behind the face sets. */
export const upkeep = once('upkeep', () => {
  const { dataTable, indexBucket } = settings();
  const { dynamodb, s3 } = clients();
  return createUpkeep({ dynamodb, s3, table: dataTable, bucket: indexBucket });
});
