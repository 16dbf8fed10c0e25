import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { chunk } from '../dynamodb/concurrency.ts';
import { type Item, openTable } from '../dynamodb/table.ts';
import { inBucket } from './dead-letters.ts';

/**
 * What is remembered of photos that enrol themselves: what a watcher has seen of a bucket, what can't be enrolled, what came of
 * each upload. Without it a restored service would enrol them again.
 */
export const logNames = ['watched', 'dead-letters', 'enrolments'] as const;
type LogName = (typeof logNames)[number];

export interface LogRecord {
  readonly log: LogName;
  /** Whose: the bucket that is watched, the project of the enrolments; empty for dead letters. */
  readonly of: string;
  readonly key: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The logs of the data table, to take them along. */
export interface StoredLogs {
  /** In the order in which they may be older than what they tell of: an upload is entered as seen after it is entered as enrolled. */
  records(of: {
    readonly bucket: string;
    readonly projectIds: readonly string[];
  }): AsyncGenerator<LogRecord[]>;
  /** From a backup. What was seen of a bucket, and given up of it, becomes that of `bucket`, whatever it was called before. */
  restore(records: readonly LogRecord[], bucket: string): Promise<void>;
}

const partitions: Readonly<Record<LogName, (of: string) => string>> = {
  watched: (of) => `WATCH#${of}`,
  'dead-letters': () => 'DEAD',
  enrolments: (of) => `ENROL#${of}`,
};

/** Records that are written at once. */
const batch = 200;

export function storedLogs(client: DynamoDBClient, tableName: string): StoredLogs {
  const table = openTable(client, tableName);
  const recordsOf = async function* (log: LogName, of: string): AsyncGenerator<LogRecord[]> {
    for await (const page of table.pages(partitions[log](of), ' ', '\u{10ffff}')) {
      yield page.map(({ pk: _pk, sk: key, ...values }) => ({ log, of, key, values }));
    }
  };
  return {
    async *records({ bucket, projectIds }) {
      yield* recordsOf('watched', bucket);
      yield* recordsOf('dead-letters', '');
      for (const projectId of projectIds) yield* recordsOf('enrolments', projectId);
    },
    async restore(records, bucket) {
      const items = records.map(
        ({ log, of, key, values }): Item =>
          log === 'watched'
            ? { ...values, restored: true, pk: partitions.watched(bucket), sk: key }
            : {
                ...values,
                pk: partitions[log](of),
                sk: key,
                ...(log === 'dead-letters' && inBucket(values, bucket)),
              },
      );
      for (const some of chunk(items, batch)) await table.putMany(some);
    },
  };
}
