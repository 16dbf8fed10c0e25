import type { Operation } from '@openfrs/contract';
import { FairQueue, type QueueLimits } from './fair-queue.ts';
import { MemoryBudget, type MemoryReservation } from './memory-budget.ts';

/** What a process takes on at a time; what is more is answered at once with FRS.0033. */
export interface Admission {
  readonly memory: MemoryBudget;
  readonly queue: FairQueue;
}

export interface AdmissionLimits extends QueueLimits {
  /** Bytes of request bodies in memory. */
  readonly bodyBytes: number;
}

/** One for all doors of a process. */
export function createAdmission({ bodyBytes, ...queue }: AdmissionLimits): Admission {
  return { memory: new MemoryBudget(bodyBytes), queue: new FairQueue(queue) };
}

/** Does an operation look at pictures or videos? Only these wait for each other. */
export function needsAdmission(operation: Operation): boolean {
  return operation.needs.some((need) => need === 'vision' || need === 'video');
}

/** Gives a request its part of the memory for bodies, until it is answered. */
export async function withReservation<Result>(
  { memory }: Admission,
  work: (reservation: MemoryReservation) => Promise<Result>,
): Promise<Result> {
  const reservation = memory.reserve();
  try {
    return await work(reservation);
  } finally {
    reservation.release();
  }
}
