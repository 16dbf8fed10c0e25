import type { ResponseOf } from '@openfrs/contract';
import { subscriptionResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** The project's subscriptions, which it may always ask for. */
export const subscriptionShow: UseCase<object, unknown, ResponseOf<'subscription-show'>> = async (
  _,
  project,
) => subscriptionResponse(project);
