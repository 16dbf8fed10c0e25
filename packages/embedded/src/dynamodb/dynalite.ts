import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import type { KeyRange } from '../level/durable-level.ts';
import { rememberLastCondition } from './last-condition.ts';
import { skipMissingIndexes } from './skip-indexes.ts';

/**
 * dynalite 4.0.0 without its server and its store: what DynamoDB's operations check and do, over a store of ours. Its parts have no
 * types; the version is pinned, and the tests of `packages/store` hold it.
 */

export type Callback<T = void> = (error: Error | null | undefined, result?: T) => void;

/** A range as dynalite names it: its keys are texts. */
export type TextRange = Pick<KeyRange, 'limit' | 'reverse'> & {
  readonly [bound in 'gt' | 'gte' | 'lt' | 'lte']?: string;
};

/** One table's items, one index's or the list of tables. Values are JSON. */
export interface Collection {
  get(key: string, callback: Callback<unknown>): void;
  put(key: string, value: unknown, callback: Callback): void;
  del(key: string, callback: Callback): void;
  batch(
    writes: readonly { readonly type: 'put' | 'del'; readonly key: string; readonly value?: unknown }[],
    callback: Callback,
  ): void;
  createKeyStream(range?: TextRange): Readable;
  createValueStream(range?: TextRange): Readable;
  /** Calls back when the key is the caller's; it is given back by calling what `release` returned. */
  lock(key: string, taken: (release: (callback: Callback<unknown>) => Callback<unknown>) => void): void;
}

/** What dynalite's operations need of a store. */
export interface DynaliteStore {
  readonly options: {
    readonly createTableMs: number;
    readonly deleteTableMs: number;
    readonly updateTableMs: number;
    /** Bytes. */
    readonly maxItemSize: number;
  };
  readonly tableDb: Collection & { readonly awsAccountId: string; readonly awsRegion: string };
  getItemDb(table: string): Collection;
  getIndexDb(type: string, table: string, index: string): Collection;
  getTagDb(table: string): Collection;
  deleteItemDb(table: string, callback: Callback): void;
  deleteIndexDb(type: string, table: string, index: string, callback: Callback): void;
  deleteTagDb(table: string, callback: Callback): void;
  /** @param checkStatus false: also a table that is being made or deleted */
  getTable(name: string, checkStatus: boolean | Callback<unknown>, callback?: Callback<unknown>): void;
}

interface Validation {
  readonly types: object;
  readonly custom?: object;
}

type Action = (store: DynaliteStore, input: object, callback: Callback<object>) => void;

const names = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;

const require = createRequire(import.meta.url);
const { checkTypes, checkValidations } = require('dynalite/validations') as {
  checkTypes(input: unknown, types: object): object;
  checkValidations(input: object, types: object, custom: object | undefined, store: DynaliteStore): void;
};

const operations = new Map(
  names.map((name) => {
    const file = name.charAt(0).toLowerCase() + name.slice(1);
    const action = require(`dynalite/actions/${file}`) as Action;
    return [name as string, { action, ...(require(`dynalite/validations/${file}`) as Validation) }];
  }),
);

rememberLastCondition(require('dynalite/db/conditionParser'));
skipMissingIndexes(require('dynalite/db'));

/** An error that DynamoDB answers with, as dynalite throws it. */
export interface AnswerableError {
  readonly statusCode: number;
  readonly body: object;
}

export const isAnswerable = (error: unknown): error is AnswerableError =>
  typeof (error as Partial<AnswerableError> | undefined)?.statusCode === 'number';

/** An operation whose request was checked. */
export type Operation = (store: DynaliteStore, callback: Callback<object>) => void;

/**
 * An operation that is asked for; it is to be done once.
 * @param name as in `X-Amz-Target`, behind the version
 * @param input the request's body, parsed
 * @returns undefined where there is no such operation; done, it gives its callback the answer's body, or an error
 * @throws AnswerableError the request is not valid; others where dynalite has a fault
 */
export function operation(store: DynaliteStore, name: string, input: unknown): Operation | undefined {
  const known = operations.get(name);
  if (!known) return undefined;
  const { action, types, custom } = known;
  const checked = checkTypes(input, types);
  checkValidations(checked, types, custom, store);
  return (store, callback) => action(store, checked, callback);
}
