import { sweepsEnded } from '@openfrs/core/observation';
import type { PartContext } from '../part.ts';
import { maintenance } from '../parts.ts';

/** On a schedule: everything that is due and was missed. Throws where a set failed, so that the alarm sees it. */
export function sweep({ resolve }: PartContext): () => Promise<void> {
  return async () => {
    const began = performance.now();
    const { failures, ...counts } = await resolve(maintenance).sweep();
    const { piecesDue } = counts;
    sweepsEnded.publish({ failures: failures.length, piecesDue, ms: performance.now() - began });
    console.log(JSON.stringify({ level: 'info', operation: 'sweep', ...counts, failures: failures.length }));
    if (failures.length > 0) {
      throw new AggregateError(
        failures.map(({ error }) => error),
        `The sweep failed for the sets ${failures.map(({ setId }) => setId).join(', ')}.`,
      );
    }
  };
}
