import type { Operation } from '@openfrs/contract';
import { BodyMemory, type BodyShare } from './body-memory.ts';
import { FairGate, type GateLimits } from './fair-gate.ts';

/** What a process takes on at a time; what is more is answered at once with FRS.0033. */
export interface Admission {
  readonly bodies: BodyMemory;
  readonly heavy: FairGate;
}

export interface AdmissionLimits extends GateLimits {
  /** Bytes of request bodies in memory. */
  readonly bodyBytes: number;
}

/** One for all doors of a process. */
export function createAdmission({ bodyBytes, ...gate }: AdmissionLimits): Admission {
  return { bodies: new BodyMemory(bodyBytes), heavy: new FairGate(gate) };
}

/** Does an operation look at pictures or videos? Only these wait for each other. */
export function isHeavy(operation: Operation): boolean {
  return operation.needs.some((need) => need === 'vision' || need === 'video');
}

/** Gives a request its share of the memory for bodies, until it is answered. */
export async function withBodyShare<Result>(
  { bodies }: Admission,
  work: (share: BodyShare) => Promise<Result>,
): Promise<Result> {
  const share = bodies.share();
  try {
    return await work(share);
  } finally {
    share.release();
  }
}
