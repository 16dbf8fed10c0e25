import type { AnswerOf } from '@openfrs/contract';
import { showSubscription } from '../identity/subscription-show.ts';
import type { UseCase } from './use-case.ts';

/** The project's subscriptions, which it may always ask for. */
export const subscriptionShow: UseCase<object, unknown, AnswerOf<'subscription-show'>> = async (_, project) =>
  showSubscription(project);
