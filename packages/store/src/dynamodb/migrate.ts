import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openTable, type Table } from './table.ts';

/** The layout of the tables that this version of openfrs reads and writes. */
export const schemaVersion = 1;

const key = { pk: 'SCHEMA', sk: 'SCHEMA' };

/** One change of a table's layout. It may be cut off at any point and run again, also by several at a time. */
export interface Migration {
  /** The version that it leads to, from the one before. */
  readonly to: number;
  run(table: Table): Promise<void>;
}

/** Every change so far, in order: there has been none since the first layout. */
const migrations: readonly Migration[] = [];

export interface Migrated {
  /** `undefined`: a table that had no mark yet. */
  readonly from: number | undefined;
  readonly to: number;
}

/**
 * Brings a table to the layout of this version and marks it so. Running it again does nothing.
 * @throws Error the table has a newer layout than this version knows
 */
export async function migrate(
  dynamodb: DynamoDBClient,
  tableName: string,
  steps: readonly Migration[] = migrations,
): Promise<Migrated> {
  const table = openTable(dynamodb, tableName);
  const target = steps.at(-1)?.to ?? schemaVersion;
  const from = await versionOf(table);
  if (from !== undefined && from > target) {
    throw new Error(`Table ${tableName} has layout ${from}; this openfrs knows ${target}: use a newer one.`);
  }
  if (from === undefined) await table.put({ ...key, version: schemaVersion }, 'attribute_not_exists(pk)');
  for (const step of steps) {
    const now = (await versionOf(table)) ?? schemaVersion;
    if (step.to <= now) continue;
    await step.run(table);
    // Where another process was quicker, its mark stands.
    await table.update(key, {
      UpdateExpression: 'SET version = :to',
      ConditionExpression: 'version = :now',
      ExpressionAttributeValues: { ':to': step.to, ':now': now },
    });
  }
  return { from, to: target };
}

async function versionOf(table: Table): Promise<number | undefined> {
  return (await table.get(key))?.version as number | undefined;
}
