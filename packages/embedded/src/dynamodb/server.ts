import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AbstractKeyIterator, AbstractValueIterator } from 'abstract-level';
import { ClassicLevel } from 'classic-level';
import dynalite from 'dynalite';
import { authenticate } from '../auth/authenticate.ts';
import { sha256Hex } from '../auth/canonical.ts';
import type { Credentials } from '../auth/credentials.ts';
import { reopenLevel } from '../level/reopen.ts';
import { levelAt, serialWritesOf } from '../level/serial-writes.ts';
import { Pause } from '../pause.ts';
import { S3Error } from '../s3/error.ts';

/** DynamoDB's limit for a request. */
const maxRequestBytes = 16 * 1024 ** 2;

/**
 * dynalite 4.0.0 ends its iterators by `return`, which those of abstract-level 3 don't have. Left open, each would keep what
 * it saw: memory for itself, and on the disk all that was deleted since.
 */
for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
  Object.assign(prototype, {
    return(this: { close(): Promise<void> }) {
      return this.close();
    },
  });
}

/**
 * A read by key takes microseconds. By libuv's threads it would wait behind the pictures that are decoded there, and for two
 * switches between threads.
 */
Object.assign(ClassicLevel.prototype, {
  async _get(this: { _getSync(key: unknown, options: unknown): unknown }, key: unknown, options: unknown) {
    return this._getSync(key, options);
  },
});

export interface DynamoDb {
  readonly server: Server;
  /** Opens the store again if a write of it failed; requests wait meanwhile. @throws Error it can't be opened */
  reopen(): Promise<void>;
}

/** Requests under way get this long to end before the store is opened again. */
const drainMs = 5000;

/**
 * dynalite behind a server of ours. dynalite itself lets anyone in (also web pages, by its CORS header) and throws when
 * a client leaves in mid-request; here the whole request is read and its signature checked before dynalite sees it.
 * @param onFailure told of the first write that failed
 * @throws what LevelDB says of the folder
 */
export async function createDynamoDbServer(
  dir: string,
  credentials: Credentials,
  onFailure: (error: unknown) => void = () => {},
): Promise<DynamoDb> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  // dynalite opens its store behind our back and answers nothing when that fails: find out here.
  const probe = new ClassicLevel(dir);
  await probe.open();
  await probe.close();
  const pause = new Pause();
  const server = dynalite({ path: dir, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // Longer than clients keep an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 65_000;
  const [answer] = server.listeners('request') as [(request: Admitted, response: ServerResponse) => void];
  server.removeAllListeners('request');
  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    admit(incoming, credentials, pause).then(
      (request) => {
        pause.enter(response);
        answer.call(server, request, response);
        request.tell();
      },
      (error: unknown) => refuse(incoming, response, error),
    );
  });
  const level = await openedLevel(dir, probe);
  const writes = serialWritesOf(level);
  writes.onFailure = onFailure;
  return {
    server,
    reopen: () => (writes.failed ? pause.during(drainMs, () => reopenLevel(level)) : Promise.resolve()),
  };
}

/** dynalite's own LevelDB, which begins to open a moment after it is made. */
async function openedLevel(dir: string, before: ClassicLevel): Promise<ClassicLevel> {
  await new Promise((resolve) => setImmediate(resolve));
  const level = levelAt(dir);
  if (!level || level === before) throw new Error(`dynalite has not opened ${dir}`);
  await level.open();
  return level;
}

/** A request that was read and checked, as much of a stream as dynalite looks at: every read of a record passes here. */
class Admitted extends EventEmitter {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly #body: Buffer;

  constructor({ method = '', url = '/', headers }: IncomingMessage, body: Buffer) {
    super();
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.#body = body;
  }

  /** Once dynalite listens. */
  tell(): void {
    if (this.#body.length > 0) this.emit('data', this.#body);
    this.emit('end');
  }
}

async function admit(incoming: IncomingMessage, credentials: Credentials, pause: Pause): Promise<Admitted> {
  const body = await read(incoming);
  const { method = '', url = '/', headers } = incoming;
  if (method !== 'POST' || headers.origin !== undefined) throw new S3Error('AccessDenied');
  const request = { method, path: url, query: [], headers: incoming.headersDistinct };
  authenticate(request, 'dynamodb', credentials, new Date(), sha256Hex(body));
  await pause.over();
  return new Admitted(incoming, body);
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
  const body = JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message: error.message });
  response.writeHead(error.code === 'EntityTooLarge' ? 413 : 400, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    ...(incoming.complete ? {} : { connection: 'close' }),
  });
  response.end(body);
  incoming.resume();
}
