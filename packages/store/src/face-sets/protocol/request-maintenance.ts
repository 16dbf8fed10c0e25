import type { FaceSet } from '@openfrs/core';
import type { Meta } from '../records/manifest.ts';
import type { Chore, Store } from '../context.ts';

/**
 * Asks for a compaction when the tail or the log has grown by another step. Exactly one write crosses each step, so a
 * busy set asks seldom; what gets lost is asked for again at the next step, and by the sweep.
 * @param added faces that this write added; 0 for a change
 */
export async function askForCompaction(store: Store, set: FaceSet, meta: Meta, added: number): Promise<void> {
  const { tailRows, logChanges } = store.limits;
  const tail = meta.next - (meta.segments.at(-1)?.to ?? 0);
  const steps = (count: number, step: number) => Math.floor(count / step);
  const due =
    added > 0
      ? steps(tail, tailRows) > steps(tail - added, tailRows)
      : (meta.rev - meta.logCleared) % logChanges === 0;
  if (due) await ask(store, { kind: 'compact', projectId: set.projectId, name: set.name, setId: set.id });
}

/** The write has happened: a chore that can't be handed on doesn't undo it. */
export async function ask(store: Store, chore: Chore): Promise<void> {
  try {
    await store.chore(chore);
  } catch (error) {
    store.warn(
      `A ${chore.kind} of face set ${chore.setId} could not be asked for; the sweep will do it.`,
      error,
    );
  }
}
