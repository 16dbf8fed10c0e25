import { lambda, tokenCreate } from '@openfrs/service';

export const handler = lambda([tokenCreate]);
