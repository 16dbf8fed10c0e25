import { lambda } from '@openfrs/service';

/** Every path that the API doesn't have: 404 APIG.0101. */
export const handler = await lambda([]);
