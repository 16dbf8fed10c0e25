import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { authenticate } from '../auth/authenticate.ts';
import type { Credentials } from '../auth/credentials.ts';
import { StorageFault, storageReason } from '../level/storage-fault.ts';
import type { StorageState } from '../level/storage-state.ts';
import { tell } from '../log.ts';
import { Pause } from '../pause.ts';
import { S3Error } from './error.ts';
import { isPost, postObject } from './operations/post-object.ts';
import { parseRequest } from './request.ts';
import { errorResponse, type S3Response, send } from './response.ts';
import { route } from './route.ts';
import type { Store } from './store.ts';

/** S3's protocol over HTTP: one key pair, path-style and virtual-host-style names. */
export function createS3Server(store: Store, credentials: Credentials, storage?: StorageState): Server {
  const pause = new Pause();
  if (storage) {
    storage.onRecovery(async () => {
      if (store.catalog.failed) await pause.during(drainMs, () => store.catalog.reopen());
    });
  }
  const server = createServer(
    { requestTimeout: 15 * 60_000, headersTimeout: 20_000 },
    (incoming, response) => {
      pause
        .over()
        .then(() => {
          pause.enter(response);
          return serve(incoming, response, store, credentials, storage);
        })
        .catch(() => response.destroy());
    },
  );
  // The SDK announces large bodies with Expect: 100-continue; a request that is refused needs no body.
  server.on('checkContinue', (incoming, response) => {
    response.writeContinue();
    server.emit('request', incoming, response);
  });
  return server;
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  store: Store,
  credentials: Credentials,
  storage: StorageState | undefined,
): Promise<void> {
  // A client that goes away in mid-body ends the iteration over it; the event itself needs no other answer.
  incoming.on('error', () => {});
  const head = incoming.method === 'HEAD';
  let answer: S3Response;
  try {
    if (incoming.method === 'OPTIONS') answer = preflight(incoming);
    else {
      const request = parseRequest(incoming);
      answer = isPost(request)
        ? await postObject(request, store, credentials)
        : await route(
            request,
            authenticate(request, 's3', credentials, new Date()),
            store,
            credentials.region,
          );
    }
  } catch (error) {
    if (incoming.destroyed && !incoming.complete) return;
    const known = asS3Error(error, storage);
    if (!(known instanceof S3Error)) tell('error', 'embedded S3', error);
    answer = errorResponse(known, (incoming.url ?? '/').split('?')[0] ?? '/');
  }
  if (!incoming.complete) {
    await drain(incoming);
    // What is still on its way after that isn't waited for.
    if (!incoming.complete) response.setHeader('connection', 'close');
  }
  await send(response, answer, head);
}

/** A disk that takes nothing is told once, by `StorageState`, not for each write. */
function asS3Error(error: unknown, storage: StorageState | undefined): unknown {
  if (error instanceof S3Error) return error;
  const reason = storageReason(error);
  if (error instanceof StorageFault && !error.unwritable) return new S3Error('InternalError', error.message);
  if (reason === undefined && !(error instanceof StorageFault)) return error;
  storage?.failed(error);
  return new S3Error('InsufficientStorage', `The store can't be written to: ${reason ?? 'a write failed'}.`);
}

/** Requests under way get this long to end before the catalog is opened again. */
const drainMs = 5000;

/** Browsers may upload: every request needs a signature, so no origin gains anything by being here. */
function preflight(incoming: IncomingMessage): S3Response {
  return {
    status: 200,
    headers: {
      'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
      'access-control-allow-headers': incoming.headers['access-control-request-headers'] ?? '*',
      'access-control-max-age': 600,
    },
  };
}

/** Of a refused body this much is read on and dropped: a client that is still sending reads no answer. */
const maxDrainBytes = 64 * 1024 ** 2;
const maxDrainMs = 5000;

function drain(incoming: IncomingMessage): Promise<void> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxDrainBytes) return Promise.resolve();
  return new Promise((resolve) => {
    let left = maxDrainBytes;
    const timer = setTimeout(resolve, maxDrainMs);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    // Whoever read it before has stopped in the middle.
    incoming.unpipe();
    incoming.removeAllListeners('readable');
    incoming.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) done();
    });
    incoming.once('end', done);
    incoming.once('close', done);
    incoming.resume();
  });
}
