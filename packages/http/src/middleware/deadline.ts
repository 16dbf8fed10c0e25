import { withDeadline } from '../deadline.ts';
import type { Next } from '../pipeline.ts';
import type { RequestContext, WithDeadline } from '../request-context.ts';

/** Answers by the request's deadline, or when its client leaves, whatever the work is doing. The limits are presets at first. */
export function deadline(context: RequestContext, next: Next<WithDeadline>) {
  const { clientSignal, remainingMs } = context.raw;
  return withDeadline(clientSignal, remainingMs, (running) =>
    next({ deadline: running, signal: running.signal }),
  );
}
