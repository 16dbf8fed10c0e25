import type { Table } from '../../dynamodb/table.ts';
import { manifestKey } from './keys.ts';
import { exists } from './manifest.ts';

/*
 * Who may reindex a set, in the set's own manifest: the write that replaces the set is conditional on it, so that who has lost
 * the lease can't replace the set any more, however late its request comes through.
 */

/** A lease, and a set that is read-only for a reindexing, end so long after they were last renewed. */
export const reindexLeaseMs = 120_000;

const isOwn = `${exists} AND reindexRun = :run`;

/** False where another run has it, or the set is deleted. */
export async function takeReindexLease(
  table: Table,
  setId: string,
  run: string,
  at: number,
): Promise<boolean> {
  const item = await table.update(manifestKey(setId), {
    UpdateExpression: 'SET reindexRun = :run, reindexUntil = :until',
    ConditionExpression: `${exists} AND (attribute_not_exists(reindexUntil) OR reindexUntil < :at OR reindexRun = :run)`,
    ExpressionAttributeValues: { ':run': run, ':at': at, ':until': at + reindexLeaseMs },
  });
  return item !== undefined;
}

/** Renews the lease. @param readOnly nobody may begin to write to the set while it lasts. @returns false where it is lost */
export async function renewReindexLease(
  table: Table,
  setId: string,
  run: string,
  at: number,
  readOnly: boolean,
): Promise<boolean> {
  const until = at + reindexLeaseMs;
  const item = await table.update(manifestKey(setId), {
    UpdateExpression: 'SET reindexUntil = :until, readOnlyUntil = :readOnly',
    ConditionExpression: isOwn,
    ExpressionAttributeValues: { ':run': run, ':until': until, ':readOnly': readOnly ? until : 0 },
  });
  return item !== undefined;
}

/** Gives the lease back, and lets others write to the set; does nothing where it is lost or the set is gone. */
export async function endReindexLease(table: Table, setId: string, run: string): Promise<void> {
  await table.update(manifestKey(setId), {
    UpdateExpression: 'REMOVE reindexRun, reindexUntil, readOnlyUntil',
    ConditionExpression: isOwn,
    ExpressionAttributeValues: { ':run': run },
  });
}
