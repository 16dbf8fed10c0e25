import { lambda, uploadCreate } from '@openfrs/service';

export const handler = await lambda([uploadCreate]);
