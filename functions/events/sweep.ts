import { upkeep } from '../wiring/upkeep.ts';

/** On a schedule: everything that is due and was missed. Throws where a set failed, so that the alarm sees it. */
export async function handler(): Promise<void> {
  const { failures, ...counts } = await upkeep().sweep();
  console.log(JSON.stringify({ level: 'info', operation: 'sweep', ...counts, failures: failures.length }));
  if (failures.length > 0) {
    throw new AggregateError(
      failures.map(({ error }) => error),
      `The sweep failed for the sets ${failures.map(({ setId }) => setId).join(', ')}.`,
    );
  }
}
