import { FrsError, type Operation } from '@openfrs/contract';
import { type QueueWaitEnded, queueWaitsEnded } from '@openfrs/core/observation';
import { needsAdmission } from '../admission/admission.ts';
import type { Next } from '../pipeline.ts';
import type {
  PipelinePorts,
  RequestContext,
  WithDeadline,
  WithPorts,
  WithProject,
} from '../request-context.ts';

type Needed = WithPorts<PipelinePorts> & WithProject;

/** Refuses what would have no place in the queue, before its body costs anything. @throws FrsError FRS.0033 */
export function checkCapacity(operation: Operation) {
  return async (context: Needed, next: Next) => {
    const { queue } = context.ports.admission;
    if (needsAdmission(operation) && !queue.hasCapacity(flowOf(context, operation))) {
      throw new FrsError('FRS.0033', undefined, { retryAfterSeconds: queue.retryAfterSeconds });
    }
    return await next({});
  };
}

/** Lets heavy work wait for its turn: by project, then by operation. @throws FrsError FRS.0033 the queue is full or too slow */
export function awaitTurn(operation: Operation) {
  return async (context: RequestContext & Needed & WithDeadline, next: Next) => {
    if (!needsAdmission(operation)) return await next({});
    const { deadline, signal, ports } = context;
    const since = performance.now();
    let hasBegun = false;
    const waited = (outcome: QueueWaitEnded['outcome']) =>
      queueWaitsEnded.publish({ operation: operation.name, outcome, ms: performance.now() - since });
    const begin = () => {
      hasBegun = true;
      waited('begun');
      deadline.startWork();
      return next({});
    };
    deadline.startQueue();
    try {
      return await ports.admission.queue.run(flowOf(context, operation), begin, signal);
    } catch (error) {
      if (!hasBegun) waited(context.raw.clientSignal.aborted ? 'left' : 'refused');
      throw error;
    }
  };
}

const flowOf = ({ project }: WithProject, { name }: Operation) => ({ project: project.id, operation: name });
