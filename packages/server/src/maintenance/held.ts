import type { Lease, Leases } from '@openfrs/store';

/** A lease that isn't prolonged, because its holder is gone, ends after this time. */
export const leaseMs = 120_000;

/**
 * Does work while a lease is held, which is prolonged meanwhile.
 * @returns whether the work was done; false where another server holds the lease
 */
export async function whileHeld(
  leases: Pick<Leases, 'take'>,
  name: string,
  owner: string,
  work: (lease: Lease) => Promise<unknown>,
): Promise<boolean> {
  const lease = await leases.take(name, owner, leaseMs);
  if (lease === undefined) return false;
  const timer = setInterval(() => lease.prolong(leaseMs).catch(() => {}), leaseMs / 4);
  try {
    await work(lease);
  } finally {
    clearInterval(timer);
    await lease.release().catch(() => {});
  }
  return true;
}
