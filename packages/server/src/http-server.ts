import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { type ErrorCode, FrsError } from '@openfrs/contract';
import { refusal } from '@openfrs/http';
import { acceptSeveral } from './accepting.ts';
import { type ConnectionLimits, Connections } from './connections.ts';
import { oneAtATime } from './pipelining.ts';
import type { ClientAddress } from './proxies/client-address.ts';
import { RequestTurns } from './request-turns.ts';
import { type Certificate, minVersion } from './tls/tls-files.ts';

/** A slow client gets this long to send its headers, and its whole request; the service's own limits for bodies are shorter. */
const headersMs = 20_000;
const requestMs = 130_000;
/** Longer than a client's own pause between requests; proxies commonly use 60 s. */
const keepAliveMs = 65_000;
const maxHeaderBytes = 16 * 1024;
/** A request that was answered has this long to end: then its connection is closed. */
const lingerMs = 1000;
/** A client gets this long to agree on TLS. */
const handshakeMs = 10_000;
/** Of one that is larger nothing more is read. */
const lingerBytes = 1024 * 1024;

/** What Node refuses by itself: status, the contract's nearest code, and why. */
const refusals: Readonly<Record<string, readonly [number, ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'FRS.0010', 'The headers are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'APIG.0201', 'The chunk extensions are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'FRS.0014', 'The request did not arrive in time.'],
};
const malformed = [400, 'FRS.0010', 'This is not valid HTTP.'] as const;

/** An HTTP server that stands hostile clients: slow, oversized and malformed requests end with an answer and a closed connection. */
export function hardenedServer(
  listener: RequestListener,
  connections: ConnectionLimits,
  addressOf: ClientAddress,
  tls?: Certificate,
): Server {
  const options = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    maxHeaderSize: maxHeaderBytes,
    connectionsCheckingInterval: 5000,
    // Its answer is below, in the contract's form.
    requireHostHeader: false,
  };
  const server = tls
    ? createTlsServer({
        ...options,
        cert: tls.certificate,
        key: tls.key,
        minVersion,
        handshakeTimeout: handshakeMs,
      })
    : createServer(options);
  acceptSeveral(server);
  new Connections(server, connections);
  const turns = new RequestTurns(server, addressOf);
  const answerNext = oneAtATime(
    turns.wrap((incoming, response) => {
      if (incoming.headers.host === undefined && incoming.httpVersion === '1.1') {
        answer(response, 400, 'The Host is missing.');
      } else listener(incoming, response);
    }),
  );
  server.on('request', (incoming, response) => {
    // A client that leaves in mid-body is no fault of the service.
    incoming.on('error', () => {});
    response.once('finish', () => linger(incoming));
    answerNext(incoming, response);
  });
  server.on('checkExpectation', (_, response) => answer(response, 417, 'No such expectation is met.'));
  server.on('connect', (_, socket) => refuse(socket, 404, 'APIG.0101', 'There are no tunnels.'));
  const ending = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (ending.has(socket)) return;
    ending.add(socket);
    const { _httpMessage: current } = socket as { _httpMessage?: ServerResponse | null };
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    // It came behind a request that is being answered: its answer would be taken for that one's.
    else if (current?.req.complete) current.once('finish', () => socket.end());
    else if (current?.headersSent) socket.destroy();
    else refuse(socket, ...(refusals[error.code ?? ''] ?? malformed));
  });
  return server;
}

/** Node by itself reads the rest of an answered request to its end, however long that is. */
function linger(incoming: IncomingMessage): void {
  if (incoming.complete) return;
  if (Number(incoming.headers['content-length']) <= lingerBytes) incoming.resume();
  else incoming.pause();
  const { socket } = incoming;
  const ended = () => {
    clearTimeout(timer);
    socket.off('close', ended);
    incoming.off('close', ended);
  };
  const timer = setTimeout(() => {
    ended();
    if (!incoming.complete) socket.destroy();
  }, lingerMs);
  socket.once('close', ended);
  incoming.once('close', ended);
}

/** Refuses a request before anything of the service sees it. */
function answer(response: ServerResponse, status: number, why: string): void {
  const { headers, body } = refusal(new FrsError('FRS.0010', why));
  response.writeHead(status, { ...headers, Connection: 'close' }).end(body);
}

/** The contract's answer on a connection that has no request of its own any more. */
function refuse(socket: Duplex, status: number, code: ErrorCode, why: string): void {
  const { headers, body } = refusal(new FrsError(code, why));
  const lines = Object.entries({
    ...headers,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`);
}
