import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mapInSlices } from '@openfrs/contract/steps';
import { chunk, createSemaphore, mapConcurrent } from './concurrency.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
export type Item = Key & Readonly<Record<string, unknown>>;
type Change = Omit<UpdateItemCommandInput, 'TableName' | 'Key' | 'ExpressionAttributeValues'> & {
  /** As they are in JavaScript. */
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
};
type Attributes = Record<string, AttributeValue>;

/** A table of keys `pk` and `sk`. All reads are consistent. */
export interface Table {
  get(key: Key, attributes?: readonly string[]): Promise<Item | undefined>;
  /** The items that exist, in no order. */
  getMany(keys: readonly Key[], attributes?: readonly string[]): Promise<Item[]>;
  /**
   * False where the condition failed: maybe because this very write came through before (a repeat by the SDK).
   * @param values what the condition compares with, as they are in JavaScript
   */
  put(item: Item, condition?: string, values?: Readonly<Record<string, unknown>>): Promise<boolean>;
  /**
   * Several puts as one transaction, `transactionItems` at most. False where none was made: a condition failed, somebody else is writing one of
   * them, these writes came through before, or the engine has no transactions. Twice the price of single writes.
   */
  putTogether(puts: readonly ConditionalPut[]): Promise<boolean>;
  /** The item as it is after the change (by default whole); `undefined` where the condition failed, see `put`. */
  update(key: Key, change: Change): Promise<Item | undefined>;
  /** The items of a partition with sort keys in [from, to], page by page, in order. */
  pages(pk: string, from: string, to: string, options?: PageOptions): AsyncGenerator<Item[]>;
  /** The keys of all items of the table that have an attribute, page by page, in no order. */
  keysWith(attribute: string): AsyncGenerator<Key[]>;
  /**
   * Writes items whatever was there; in no order, and after a failure some of them.
   * @param before called before each request; what it throws ends the writing
   */
  putMany(items: readonly Item[], before?: () => Promise<void>): Promise<void>;
  removeMany(keys: readonly Key[]): Promise<void>;
  /**
   * Looks at the next `limit` items at most, in the table's own order, for those whose `expires` is before a time in seconds.
   * @param after where the page before ended; undefined: from the beginning
   * @returns `next` is undefined where the table has ended
   */
  expired(
    before: number,
    limit: number,
    after: Key | undefined,
  ): Promise<{ readonly keys: readonly Key[]; readonly next: Key | undefined }>;
  /** Removes an item, unless it was prolonged since: its `expires` is before that time no more. */
  removeExpired(key: Key, before: number): Promise<void>;
}

/** See `put`. */
export interface ConditionalPut {
  readonly item: Item;
  readonly condition: string;
  readonly values: Readonly<Record<string, unknown>>;
}

interface PageOptions {
  readonly attributes?: readonly string[];
  readonly limit?: number;
  /** From the last to the first. */
  readonly descending?: boolean;
}

/** When an item may be removed, in seconds since 1970: the table's time to live. */
export const expiryAttribute = 'expires';

/** Whether an item may be removed, although it is there yet: an engine is late by days, or never does it. @param now milliseconds */
export const isExpired = (item: Item, now: number): boolean =>
  typeof item[expiryAttribute] === 'number' && item[expiryAttribute] * 1000 <= now;

/** DynamoDB's limits of one batch. */
const readBatch = 100;
/**
 * Who reads more than a batch has it in smaller ones, and all of this process have so many under way (who waits to ask again has
 * none): faces of a large answer are read before other requests' items else, by stores that take one thing at a time.
 */
const [wideBatch, wideReads] = [50, createSemaphore(4)];
const noPlace: <R>(read: () => Promise<R>) => Promise<R> = (read) => read();
const writeBatch = 25;
export const transactionItems = 100;

const expiredBefore = '#expires < :before';
const expiryName = { '#expires': expiryAttribute };

/** Requests at once: as many as there are sockets, so that the time a request waits for its turn isn't taken for the table's. */
const requests = 64;

export function openTable(dynamodb: Pick<DynamoDBClient, 'send'>, name: string): Table {
  const semaphore = createSemaphore(requests);
  const client = {
    send: ((command: Parameters<DynamoDBClient['send']>[0]) =>
      semaphore(() => dynamodb.send(command))) as DynamoDBClient['send'],
  };
  let hasTransactions = true;
  async function writeMany(requests: readonly WriteRequest[], before?: () => Promise<void>): Promise<void> {
    await mapConcurrent(chunk(requests, writeBatch), 4, async (batch) => {
      let left: readonly WriteRequest[] = batch;
      for (let attempt = 0; left.length > 0; attempt++) {
        if (attempt > 0) await backOff(attempt);
        await before?.();
        const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: [...left] } }));
        left = answer.UnprocessedItems?.[name] ?? [];
      }
    });
  }
  /** @param place that each of its requests takes, with what it answers */
  async function readBatchOf(
    batch: readonly Key[],
    attributes: readonly string[] | undefined,
    place: typeof noPlace,
  ): Promise<Item[]> {
    const found: Item[] = [];
    let left = batch.map(({ pk, sk }) => encode({ pk, sk }));
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt > 0) await backOff(attempt);
      await place(async () => {
        const answer = await client.send(
          new BatchGetItemCommand({
            RequestItems: { [name]: { Keys: left, ConsistentRead: true, ...projection(attributes) } },
          }),
        );
        found.push(...(await mapInSlices(answer.Responses?.[name] ?? [], decode)));
        left = answer.UnprocessedKeys?.[name]?.Keys ?? [];
      });
    }
    return found;
  }
  return {
    async get(key, attributes) {
      const answer = await client.send(
        new GetItemCommand({
          TableName: name,
          Key: encode(key),
          ConsistentRead: true,
          ...projection(attributes),
        }),
      );
      return answer.Item && decode(answer.Item);
    },
    async getMany(keys, attributes) {
      if (keys.length <= readBatch) return await readBatchOf(keys, attributes, noPlace);
      const batches = chunk(keys, wideBatch);
      const items = await mapConcurrent(batches, 4, (batch) => readBatchOf(batch, attributes, wideReads));
      return items.flat();
    },
    put: (item, condition, values) =>
      unlessConditionFails(async () => {
        const rule = {
          ...(condition === undefined ? {} : { ConditionExpression: condition }),
          ...(values === undefined ? {} : { ExpressionAttributeValues: encode(values) }),
        };
        await client.send(new PutItemCommand({ TableName: name, Item: encode(item), ...rule }));
        return true;
      }, false),
    async putTogether(puts) {
      if (!hasTransactions) return false;
      const TransactItems = puts.map(({ item, condition, values }) => ({
        Put: {
          TableName: name,
          Item: encode(item),
          ConditionExpression: condition,
          ExpressionAttributeValues: encode(values),
        },
      }));
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems }));
        return true;
      } catch (error) {
        if (error instanceof TransactionCanceledException) return false;
        if ((error as Error).name !== 'UnknownOperationException') throw error;
        hasTransactions = false;
        return false;
      }
    },
    update: (key, { ExpressionAttributeValues: values, ...change }) =>
      unlessConditionFails(async () => {
        const answer = await client.send(
          new UpdateItemCommand({
            TableName: name,
            Key: encode(key),
            ReturnValues: 'ALL_NEW',
            ...change,
            ...(values === undefined ? {} : { ExpressionAttributeValues: encode(values) }),
          }),
        );
        return answer.Attributes && decode(answer.Attributes);
      }, undefined),
    async *pages(pk, from, to, options = {}) {
      let start: Attributes | undefined;
      do {
        const answer = await client.send(
          new QueryCommand({
            TableName: name,
            ConsistentRead: true,
            KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
            ExpressionAttributeValues: encode({ ':pk': pk, ':from': from, ':to': to }),
            ExclusiveStartKey: start,
            ScanIndexForward: options.descending !== true,
            ...(options.limit === undefined ? {} : { Limit: options.limit }),
            ...projection(options.attributes, { '#pk': 'pk', '#sk': 'sk' }),
          }),
        );
        yield await mapInSlices(answer.Items ?? [], decode);
        start = answer.LastEvaluatedKey;
      } while (start !== undefined);
    },
    async *keysWith(attribute) {
      let start: Attributes | undefined;
      do {
        const answer = await client.send(
          new ScanCommand({
            TableName: name,
            ConsistentRead: true,
            FilterExpression: 'attribute_exists(#has)',
            ProjectionExpression: 'pk, sk',
            ExpressionAttributeNames: { '#has': attribute },
            ExclusiveStartKey: start,
          }),
        );
        yield (answer.Items ?? []).map(decode);
        start = answer.LastEvaluatedKey;
      } while (start !== undefined);
    },
    async expired(before, limit, after) {
      const answer = await client.send(
        new ScanCommand({
          TableName: name,
          FilterExpression: expiredBefore,
          ProjectionExpression: 'pk, sk',
          ExpressionAttributeNames: expiryName,
          ExpressionAttributeValues: encode({ ':before': before }),
          Limit: limit,
          ExclusiveStartKey: after && encode({ pk: after.pk, sk: after.sk }),
        }),
      );
      return {
        keys: (answer.Items ?? []).map(decode),
        next: answer.LastEvaluatedKey && decode(answer.LastEvaluatedKey),
      };
    },
    removeExpired: ({ pk, sk }, before) =>
      unlessConditionFails(async () => {
        await client.send(
          new DeleteItemCommand({
            TableName: name,
            Key: encode({ pk, sk }),
            ConditionExpression: expiredBefore,
            ExpressionAttributeNames: expiryName,
            ExpressionAttributeValues: encode({ ':before': before }),
          }),
        );
      }, undefined),
    putMany: (items, before) =>
      writeMany(
        items.map((item) => ({ PutRequest: { Item: encode(item) } })),
        before,
      ),
    removeMany: (keys) =>
      writeMany(keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: encode({ pk, sk }) } }))),
  };
}

/**
 * Values as DynamoDB has them; `undefined` members are left out. By a package for values, not for clients: the SDK's own
 * client over documents can't keep its middleware (`cacheMiddleware`), which is a quarter of what a small read costs.
 */
function encode(values: object): Attributes {
  return marshall(values, { removeUndefinedValues: true });
}

function decode(values: Attributes): Item {
  return unmarshall(values) as Item;
}

function projection(attributes?: readonly string[], names: Record<string, string> = {}) {
  const all = { ...names };
  for (const attribute of attributes ?? []) all[`#${attribute}`] = attribute;
  return {
    ...(attributes === undefined
      ? {}
      : { ProjectionExpression: attributes.map((name) => `#${name}`).join(', ') }),
    ...(Object.keys(all).length === 0 ? {} : { ExpressionAttributeNames: all }),
  };
}

async function unlessConditionFails<T, U>(write: () => Promise<T>, otherwise: U): Promise<T | U> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return otherwise;
      // The item is in somebody's transaction, which ends in milliseconds.
      if (!(error instanceof TransactionConflictException)) throw error;
      await backOff(attempt);
    }
  }
}

/** A batch may be answered in part under load, an item be in a transaction: what is undone is asked for again, 8 times at most. */
async function backOff(attempt: number): Promise<void> {
  if (attempt > 8) throw new Error('The table leaves what it is asked for undone again and again.');
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 25 * 2 ** attempt));
}
