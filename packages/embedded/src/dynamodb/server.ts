import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { authenticate } from '../auth/authenticate.ts';
import { sha256Hex } from '../auth/canonical.ts';
import type { Credentials } from '../auth/credentials.ts';
import type { DurableLevel } from '../level/durable-level.ts';
import { Pause } from '../pause.ts';
import { S3Error } from '../s3/error.ts';
import { isAnswerable, operation } from './dynalite.ts';
import { createTables, settleTables, type Tables } from './tables.ts';
import { transactWrite } from './transact-write.ts';

/** DynamoDB's limit for a request. */
const maxRequestBytes = 16 * 1024 ** 2;

export interface DynamoDb {
  readonly server: Server;
  /** Opens the store again if a write of it failed; requests wait meanwhile. @throws Error it can't be opened */
  reopen(): Promise<void>;
}

/** Requests under way get this long to end before the store is opened again. */
const drainMs = 5000;

/**
 * DynamoDB's protocol over HTTP: requests are read whole and their signature is checked before dynalite does what they ask for.
 * @param level open
 * @param counters tables whose writes are acknowledged before they are on the disk
 */
export async function createDynamoDbServer(
  level: DurableLevel,
  credentials: Credentials,
  counters: readonly string[] = [],
): Promise<DynamoDb> {
  const pause = new Pause();
  const tables = createTables(level, credentials.region, counters);
  await settleTables(level);
  const server = createServer((incoming, response) => {
    admit(incoming, credentials, pause).then(
      (body) => {
        pause.enter(response);
        // Outside of the promise: what dynalite throws unforeseen ends the thread, since it may hold locks.
        setImmediate(answer, tables, incoming, body, response);
      },
      (error: unknown) => refuse(incoming, response, error),
    );
  });
  // Longer than clients keep an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 65_000;
  return {
    server,
    reopen: () => (level.failed ? pause.during(drainMs, () => level.reopen()) : Promise.resolve()),
  };
}

/** The versions of DynamoDB's API that `X-Amz-Target` may name, and the operation behind them. */
const target = /^DynamoDB_(?:20111205|20120810)\.([A-Za-z]+)$/;

function answer(tables: Tables, { headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const [, name = ''] = target.exec(String(headers['x-amz-target'] ?? '')) ?? [];
  let input: unknown;
  try {
    input = JSON.parse(body.toString());
  } catch {
    send(response, 400, { __type: 'com.amazon.coral.service#SerializationException' });
    return;
  }
  const done = (error: unknown, result?: object) => {
    if (!error) send(response, 200, result ?? {});
    else if (isAnswerable(error)) send(response, error.statusCode, error.body);
    else throw error;
  };
  try {
    if (name === 'TransactWriteItems') {
      transactWrite(tables, input).then(
        (result) => done(null, result),
        // Outside of the promise, as above.
        (error) => setImmediate(done, error),
      );
      return;
    }
    const work = operation(tables.store, name, input);
    if (work) work(tables.store, done);
    else send(response, 400, { __type: 'com.amazon.coral.service#UnknownOperationException' });
  } catch (error) {
    if (!isAnswerable(error)) throw error;
    send(response, error.statusCode, error.body);
  }
}

function send(response: ServerResponse, status: number, answer: object, close = false): void {
  const body = JSON.stringify(answer);
  response.writeHead(status, {
    'x-amzn-requestid': randomUUID(),
    'x-amz-crc32': crc32(body),
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    ...(close && { connection: 'close' }),
  });
  response.end(body);
}

/** The body of a request that was read and checked. @throws S3Error it may not pass */
async function admit(incoming: IncomingMessage, credentials: Credentials, pause: Pause): Promise<Buffer> {
  const body = await read(incoming);
  const { method = '', url = '/', headers } = incoming;
  if (method !== 'POST' || headers.origin !== undefined) throw new S3Error('AccessDenied');
  const request = { method, path: url, query: [], headers: incoming.headersDistinct };
  authenticate(request, 'dynamodb', credentials, new Date(), sha256Hex(body));
  await pause.over();
  return body;
}

function read(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxRequestBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      reject(new S3Error('EntityTooLarge'));
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
    // After its end this changes nothing.
    incoming.on('close', () => reject(new Error('The client left.')));
  });
}

const types: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  RequestTimeTooSkewed: 'InvalidSignatureException',
  EntityTooLarge: 'RequestEntityTooLarge',
};

function refuse(incoming: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (!(error instanceof S3Error)) {
    response.destroy();
    return;
  }
  const type = types[error.code] ?? 'MissingAuthenticationTokenException';
  const status = error.code === 'EntityTooLarge' ? 413 : 400;
  const body = { __type: `com.amazon.coral.service#${type}`, message: error.message };
  send(response, status, body, !incoming.complete);
  incoming.resume();
}
