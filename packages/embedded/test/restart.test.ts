import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test, vi } from 'vitest';
import { bucket, dynamodbClient, useStores } from './stores.ts';

const use = useStores();

test('a fault in dynalite ends its thread, not the process, and the stores are back with all they had', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await use.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'kept', Body: 'content' }));
  const client = dynamodbClient(use.stores);
  client.middlewareStack.add(
    (next) => (args) => {
      // dynalite reads members of the body without a look at whether it is an object.
      const request = args.request as { body: string; headers: Record<string, string> };
      if (request.headers['x-amz-target']?.endsWith('ListTables') && !crashed) {
        crashed = true;
        request.body = 'null';
        request.headers['content-length'] = '4';
      }
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  let crashed = false;
  // The client's own retries meet the stores when they are back.
  const first = await client.send(new ListTablesCommand({})).catch((error: Error) => error);
  expect(crashed).toBe(true);
  expect(first).toBeDefined();
  await vi.waitFor(
    async () => expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]),
    {
      timeout: 40_000,
      interval: 200,
    },
  );
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining('start again'), expect.anything());
  const read = await use.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'kept' }));
  expect(await read.Body?.transformToString()).toBe('content');
  client.destroy();
});
