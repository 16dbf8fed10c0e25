import * as z from 'zod';
import { upkeep } from '../wiring/upkeep.ts';
import { logFailure, processBatch, type QueueResult } from './queue-event.ts';

const chore = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('compact'),
    projectId: z.string(),
    name: z.string(),
    setId: z.string(),
    lost: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal('purge'), projectId: z.string(), setId: z.string() }),
]);

/** The chores that writes leave behind: new segments of the index, clearing away deleted sets. */
export function handler(event: unknown): Promise<QueueResult> {
  return processBatch(
    event,
    async (body) => {
      const { lost, ...rest } = { lost: undefined, ...chore.parse(body) };
      // What has to be repeated after the grace time is found by the sweep.
      await upkeep().run(rest.kind === 'compact' && lost !== undefined ? { ...rest, lost } : rest);
    },
    logFailure('keep-index'),
  );
}
