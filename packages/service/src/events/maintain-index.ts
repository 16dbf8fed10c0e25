import { observedTask } from '@openfrs/core/observation';
import * as z from 'zod';
import type { PartContext } from '../part.ts';
import { maintenance } from '../parts.ts';
import { logFailure, processBatch, type QueueResult } from './queue-event.ts';

const task = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('compact'),
    projectId: z.string(),
    name: z.string(),
    setId: z.string(),
    lost: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal('purge'), projectId: z.string(), setId: z.string() }),
]);

/** The tasks that writes leave behind: new segments of the index, clearing away deleted sets. */
export function maintainIndex({ resolve }: PartContext): (event: unknown) => Promise<QueueResult> {
  return (event) =>
    processBatch(
      event,
      async (body) => {
        const { lost, ...rest } = { lost: undefined, ...task.parse(body) };
        // What has to be repeated after the grace time is found by the sweep.
        const due = rest.kind === 'compact' && lost !== undefined ? { ...rest, lost } : rest;
        await observedTask(due.kind, () => resolve(maintenance).run(due));
      },
      logFailure('keep-index'),
    );
}
