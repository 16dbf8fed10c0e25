import type { FrsOperationName, Operation } from '@openfrs/contract';
import { BodyQueue } from './body-queue.ts';
import { DrainBudget } from './drain-budget.ts';
import { FairQueue, type QueueLimits } from './fair-queue.ts';
import { MemoryBudget, type MemoryReservation } from './memory-budget.ts';
import { ParseQueue } from './parse-queue.ts';
import { WorkMemory } from './work-memory.ts';

/** What a process takes on at a time; what is more is answered at once with FRS.0033. */
export interface Admission {
  readonly memory: MemoryBudget;
  /** Of pictures that are looked at, from one budget with the bodies. */
  readonly pictures: WorkMemory;
  readonly bodies: BodyQueue;
  readonly parses: ParseQueue;
  readonly queue: FairQueue;
  readonly drains: DrainBudget;
}

export interface AdmissionLimits extends QueueLimits {
  /** Bytes of request bodies in memory. */
  readonly bodyBytes: number;
  /** Bytes of decoded pictures, beside the bodies; what bodies leave free is theirs, too. None but one a project unless set. */
  readonly pictureBytes?: number;
}

/** One for all requests of a service. */
export function createAdmission({ bodyBytes, pictureBytes = 0, ...queue }: AdmissionLimits): Admission {
  const memory = new MemoryBudget(bodyBytes);
  return {
    memory,
    pictures: new WorkMemory(bodyBytes + pictureBytes, () => memory.reserved),
    bodies: new BodyQueue(),
    parses: new ParseQueue(),
    queue: new FairQueue(queue),
    drains: new DrainBudget(),
  };
}

/** Is any body held, or anything heavy under way? */
export function isBusy({ memory, queue }: Admission): boolean {
  return memory.reserved > 0 || queue.running > 0;
}

/** Beside those that look at pictures: they compare every face of a set with a condition. */
const scanning: ReadonlySet<string> = new Set<FrsOperationName>(['face-delete', 'face-delete-batch']);

/** Does an operation look at pictures or videos, or at every face of a set? Only these wait for each other. */
export function needsAdmission({ name, needs }: Operation): boolean {
  return scanning.has(name) || needs.some((need) => need === 'vision' || need === 'video');
}

/**
 * Gives a request its part of the memory for bodies, until it is answered.
 * @param source the address that it came from
 */
export async function withReservation<Result>(
  { memory }: Admission,
  source: string,
  work: (reservation: MemoryReservation) => Promise<Result>,
): Promise<Result> {
  const reservation = memory.reserve(source);
  try {
    return await work(reservation);
  } finally {
    reservation.release();
  }
}
