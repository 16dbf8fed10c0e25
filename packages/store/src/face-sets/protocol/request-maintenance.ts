import type { FaceSet } from '@openfrs/core';
import type { MaintenanceTask, RecordContext } from '../context.ts';
import type { SetManifest } from '../records/manifest.ts';

/**
 * Requests a compaction when the tail or the change log has grown by another step. Exactly one write crosses each step, so a busy
 * set requests seldom; a lost request is made again at the next step, and the sweep needs none.
 * @param added faces that this write added; 0 for a change
 */
export async function requestCompaction(
  store: RecordContext,
  set: FaceSet,
  manifest: SetManifest,
  added: number,
): Promise<void> {
  const { tailRows, logChanges } = store.limits;
  const tail = manifest.next - (manifest.segments.at(-1)?.to ?? 0);
  const steps = (count: number, step: number) => Math.floor(count / step);
  const due =
    added > 0
      ? steps(tail, tailRows) > steps(tail - added, tailRows)
      : (manifest.revision - manifest.truncatedTo) % logChanges === 0;
  if (due)
    await enqueueTask(store, { kind: 'compact', projectId: set.projectId, name: set.name, setId: set.id });
}

/** Hands a task on. The write has happened, so a failure is only a warning: the sweep does the work. */
export async function enqueueTask(store: RecordContext, task: MaintenanceTask): Promise<void> {
  try {
    await store.enqueueTask(task);
  } catch (error) {
    store.warn(
      `A ${task.kind} of face set ${task.setId} could not be requested; the sweep will do it.`,
      error,
    );
  }
}
