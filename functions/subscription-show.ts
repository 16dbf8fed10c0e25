import { lambda, subscriptionShow } from '@openfrs/service';

export const handler = lambda([subscriptionShow]);
