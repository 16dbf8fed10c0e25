import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** A slow client gets this long to send its headers, and its whole request. */
const headersMs = 20_000;
const requestMs = 120_000;
/** Longer than a client's own pause between requests; proxies commonly use 60 s. */
const keepAliveMs = 65_000;
const maxHeaderBytes = 16 * 1024;
/** More than this many connections at once are closed unanswered: the memory of each is bounded, their number too. */
const maxConnections = 2000;

const refusals: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** An HTTP server that stands hostile clients: slow, oversized and malformed requests end with an answer and a closed connection. */
export function hardenedServer(listener: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: keepAliveMs,
      maxHeaderSize: maxHeaderBytes,
      connectionsCheckingInterval: 5000,
    },
    listener,
  );
  server.maxConnections = maxConnections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const line = refusals[error.code ?? ''] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  return server;
}
