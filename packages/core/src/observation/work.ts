import { openChannel } from './channel.ts';

/** One pass over all face sets, ended. */
export interface SweepEnded {
  readonly failures: number;
  /** Segments that were due to be written when it came by: what tasks behind writes had not done yet. */
  readonly piecesDue: number;
  readonly ms: number;
}

/** A photo under `enrol/` was brought to who enrols it. */
export interface EnrolmentEnded {
  /** False: it comes again. */
  readonly done: boolean;
  /** Since it was put. */
  readonly lagMs: number;
}

/** A thread or process of the service ended by a fault, and is replaced. */
export interface WorkerRestart {
  readonly worker: 'vision' | 'maintenance' | 'stores' | 'passwords';
}

/** An operation that needs a place in the queue of heavy work has waited for it. */
export interface QueueWaitEnded {
  readonly operation: string;
  /** `refused`: the queue was full, or it waited too long; `left`: its client didn't wait. */
  readonly outcome: 'begun' | 'refused' | 'left';
  readonly ms: number;
}

export const sweepsEnded = openChannel<SweepEnded>('sweep-ended');
export const enrolmentsEnded = openChannel<EnrolmentEnded>('enrolment-ended');
export const queueWaitsEnded = openChannel<QueueWaitEnded>('queue-wait-ended');
export const workerRestarts = openChannel<WorkerRestart>('worker-restart');
