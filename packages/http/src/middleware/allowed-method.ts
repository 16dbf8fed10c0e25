import { FrsError } from '@openfrs/contract';
import type { Next } from '../pipeline.ts';
import type { RequestContext } from '../request-context.ts';

/** Hono lets GET answer a HEAD; the contract's paths don't have that method. @throws FrsError APIG.0101 */
export async function allowedMethod(context: RequestContext, next: Next) {
  if (context.raw.method === 'HEAD') throw new FrsError('APIG.0101');
  return await next({});
}
