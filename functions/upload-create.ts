import { lambda, uploadCreate } from '@openfrs/service';

export const handler = lambda([uploadCreate]);
