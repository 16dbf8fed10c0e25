import type { FaceSet } from '@openfrs/core';
import type { StoreContext } from '../context.ts';
import { requireManifest } from '../protocol/visibility.ts';
import { newOperationId } from '../records/operation-id.ts';
import {
  endReindexLease,
  reindexLeaseMs,
  renewReindexLease,
  takeReindexLease,
} from '../records/reindex-lease.ts';

/** One run's lease of a set's reindexing; it renews itself while the process lives. */
export interface ReindexLease {
  readonly run: string;
  /** @param readOnly from now on nobody else may begin to write to the set. @throws Error another run has taken over */
  renew(readOnly: boolean): Promise<void>;
  end(): Promise<void>;
}

/** @throws Error another run has it; FrsError FRS.0302 the set is gone */
export async function holdReindexLease(store: StoreContext, { id, name }: FaceSet): Promise<ReindexLease> {
  const { table } = store;
  const run = newOperationId();
  if (!(await takeReindexLease(table, id, run, store.now()))) {
    await requireManifest(store, id);
    const minutes = reindexLeaseMs / 60_000;
    throw new Error(
      `Another run reindexes the face set ${name}: wait for it. One that was killed is over after ${minutes} minutes.`,
    );
  }
  let isReadOnly = false;
  const renew = () => renewReindexLease(table, id, run, store.now(), isReadOnly);
  // One that fails is made good by the next; who has lost the lease learns it at the end of the round.
  const timer = setInterval(() => void renew().catch(() => undefined), reindexLeaseMs / 6).unref();
  return {
    run,
    async renew(readOnly) {
      isReadOnly = readOnly;
      if (await renew()) return;
      await requireManifest(store, id);
      throw new Error(`Another run reindexes the face set ${name} by now.`);
    },
    async end() {
      clearInterval(timer);
      await endReindexLease(table, id, run);
    },
  };
}
