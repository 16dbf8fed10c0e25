import { connect } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { clientConfig, dynamodbClient, failure, useStores } from './stores.ts';

const use = useStores();
const tables = async () => {
  const client = dynamodbClient(use.stores);
  try {
    return (await client.send(new ListTablesCommand({}))).TableNames;
  } finally {
    client.destroy();
  }
};

test('a wrong secret or an unknown key opens nothing', async () => {
  const own = clientConfig(use.stores);
  for (const [wrong, name] of [
    [{ secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
    [{ accessKeyId: 'WHO' }, 'UnrecognizedClientException'],
  ] as const) {
    const credentials = { ...own.credentials, ...wrong };
    const client = new DynamoDBClient({ ...own, credentials, endpoint: use.stores.dynamodbEndpoint });
    expect(await failure(client.send(new ListTablesCommand({})))).toEqual({ name, status: 400 });
    client.destroy();
  }
});

test('a web page or an anonymous caller is refused', async () => {
  const call = (headers: Record<string, string>) =>
    fetch(use.stores.dynamodbEndpoint, { method: 'POST', body: '{}', headers });
  expect((await call({ 'x-amz-target': 'DynamoDB_20120810.ListTables' })).status).toBe(400);
  const answer = await call({ origin: 'https://example.org' });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect((await fetch(use.stores.dynamodbEndpoint)).status).toBe(400);
});

test('clients that leave in mid-request, or send nonsense, do no harm', async () => {
  const { port } = new URL(use.stores.dynamodbEndpoint);
  for (const text of [
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf',
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    'nonsense\r\n\r\n',
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
      socket.on('error', () => {});
      socket.on('close', () => resolve());
      setTimeout(() => socket.destroy(), 100);
    });
  }
  expect(await tables()).toEqual([]);
});
