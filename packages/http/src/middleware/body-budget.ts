import { FrsError } from '@openfrs/contract';
import { withReservation } from '../admission/admission.ts';
import type { Next } from '../pipeline.ts';
import type { PipelinePorts, RequestContext, WithBody, WithDeadline, WithPorts } from '../request-context.ts';
import type { WithBodyLimit } from './body-limit.ts';

type Needed = RequestContext & WithBodyLimit & WithDeadline & WithPorts<PipelinePorts>;

/**
 * Has the body read no sooner than it is asked for and when it is its turn, into memory that is counted; all of it is given back when the work has ended,
 * however it ends. @throws FrsError FRS.0033 the bodies of all requests are too much
 */
export function bodyBudget(context: Needed, next: Next<WithBody>) {
  const { raw, maxBodyBytes: limit, deadline, ports } = context;
  return withReservation(ports.admission, raw.remoteAddress, (reservation) => {
    let reading: Promise<Uint8Array> | undefined;
    const read = () =>
      ports.admission.bodies.read(raw.remoteAddress, raw.declaredBytes, deadline, async (progress) => {
        // Reading what will be refused in its middle takes the time of those whose bodies fit.
        if (raw.declaredBytes > 0 && !reservation.hasCapacity(raw.declaredBytes))
          throw new FrsError('FRS.0033');
        return await raw.readBody({ limit, reservation, deadline, progress });
      });
    const body = {
      read: () => (reading ??= read()),
      release() {
        reading = undefined;
      },
    };
    return next({ reservation, body });
  });
}
