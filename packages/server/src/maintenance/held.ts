import type { Leases } from '@openfrs/store';

/** A lease that isn't prolonged, because its holder is gone, ends after this time. */
export const leaseMs = 120_000;

/**
 * Does work while a lease is held, which is prolonged meanwhile.
 * @returns whether the work was done; false where another server holds the lease
 */
export async function whileHeld(
  leases: Leases,
  name: string,
  owner: string,
  work: () => Promise<unknown>,
): Promise<boolean> {
  if (!(await leases.hold(name, owner, leaseMs))) return false;
  const timer = setInterval(() => leases.hold(name, owner, leaseMs).catch(() => {}), leaseMs / 4);
  try {
    await work();
  } finally {
    clearInterval(timer);
    await leases.release(name, owner).catch(() => {});
  }
  return true;
}
