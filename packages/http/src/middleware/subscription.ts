import { FrsError, type Operation } from '@openfrs/contract';
import type { Next } from '../pipeline.ts';
import type { WithProject } from '../request-context.ts';

/** @throws FrsError FRS.0019 the project has no service at all, FRS.0020 not the operation's, FRS.0202 it is frozen */
export function subscription({ service }: Operation) {
  return async (context: WithProject, next: Next) => {
    const { subscriptions, frozen } = context.project;
    if (service !== undefined) {
      if (Object.keys(subscriptions).length === 0) throw new FrsError('FRS.0019');
      if (subscriptions[service] === undefined) throw new FrsError('FRS.0020');
      if (frozen) throw new FrsError('FRS.0202');
    }
    return await next({});
  };
}
