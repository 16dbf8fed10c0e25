import { lambda, liveChallengeCreate } from '@openfrs/service';

export const handler = await lambda([liveChallengeCreate]);
