import { subscriptionShow } from '@openfrs/core/operations/subscription-show.ts';
import { door, lambda } from '@openfrs/http';
import { gateway } from './wiring/gateway.ts';

export const app = door('subscription-show', subscriptionShow, gateway);
export const handler = lambda(app);
