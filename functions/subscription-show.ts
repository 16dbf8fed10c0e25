import { lambda, subscriptionShow } from '@openfrs/service';

export const handler = await lambda([subscriptionShow]);
