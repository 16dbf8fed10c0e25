import { FrsError } from '@openfrs/contract';
import { StorageFull } from '../ports/storage-full.ts';

/** Codes that another try may mend: the stores' own failures, and too much work at the moment. */
export const retryableCodes: ReadonlySet<string> = new Set(['FRS.0018', 'FRS.0022', 'FRS.0033']);

/** Node's codes of connections that fail. */
const networkCode =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/**
 * Whether something failed that the work depends on (a store, the network, capacity), and not what was to be worked on: another
 * try may go well, however many did not.
 */
export function isDependencyFailure(error: unknown): boolean {
  if (error instanceof FrsError) return retryableCodes.has(error.code);
  if (error instanceof StorageFull) return true;
  if (!(error instanceof Error)) return false;
  const { code, cause } = error as NodeJS.ErrnoException;
  // The AWS SDK puts `$metadata` on all of its failures, those of connections included.
  if ('$metadata' in error || error.name === 'TimeoutError') return true;
  return (typeof code === 'string' && networkCode.test(code)) || isDependencyFailure(cause);
}
