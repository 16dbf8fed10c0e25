import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portError } from './startup-error.ts';

/** Answers under way get this long when a server is closed. */
const closeGraceMs = 5000;
const idleCheckMs = 50;

/**
 * Listens on 127.0.0.1, or on `on.host`, where undefined is every address of the machine; port 0 is any free one. Returns the port.
 * @throws StartupError
 */
export function listen(
  server: Server,
  port: number,
  what: string,
  on: { readonly host: string | undefined } = { host: '127.0.0.1' },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(portError(port, what, error));
    server.once('error', refuse);
    server.listen({ port, ...on }, () => {
      server.off('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Takes no new requests, lets those under way end, and cuts what takes longer than `graceMs`. A connection that is kept
 * alive goes as soon as its request has been answered.
 */
export async function closeServer(server: Server, graceMs = closeGraceMs): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
