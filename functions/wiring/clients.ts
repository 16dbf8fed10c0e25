import { createClients } from '@openfrs/store';
import { once } from './once.ts';

/** DynamoDB and S3; endpoints and credentials come from the AWS SDK's own variables. */
export const clients = once('clients', () => createClients());
