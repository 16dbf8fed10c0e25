import { lambda, tokenCreate } from '@openfrs/service';

export const handler = await lambda([tokenCreate]);
