import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { closeServer, listen } from '@openfrs/embedded';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RequestTurns } from './request-turns.ts';

const crowd = '127.0.0.1';
const other = '127.0.0.2';
const crowdSize = 100;
/** What beginning a request takes of the event loop. */
const workMs = 5;

const server = createServer();
const turns = new RequestTurns(server, ({ socket }) => socket.remoteAddress ?? '');
/** The addresses of the requests in the order in which they were begun. */
let begun: (string | undefined)[] = [];
let port: number;
server.on(
  'request',
  turns.wrap((incoming, response) => {
    begun.push(incoming.socket.remoteAddress);
    const until = performance.now() + workMs;
    while (performance.now() < until);
    response.end('ok');
  }),
);

let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await closeServer(server, 0);
});

async function start(): Promise<void> {
  begun = [];
  sockets = [];
  port = await listen(server, 0, 'the server');
}
function open(localAddress: string): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}
const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const all = () => vi.waitFor(() => expect(begun).toHaveLength(crowdSize + 1), { timeout: 20_000 });

describe('a request beside many that another source sends at once', () => {
  it('is begun after a few of them where each has a connection that is yet to be accepted', async () => {
    await start();
    for (let count = 0; count < crowdSize; count++) open(crowd).write(get);
    open(other).write(get);
    await all();
    expect(begun.indexOf(other)).toBeLessThan(crowdSize / 4);
  });

  it('is begun as the second where all connections are open', async () => {
    await start();
    const connections = [...Array.from({ length: crowdSize }, () => open(crowd)), open(other)];
    await Promise.all(connections.map((socket) => new Promise((opened) => socket.once('connect', opened))));
    await vi.waitFor(async () => {
      const count = await new Promise<number>((resolve) => server.getConnections((_, n) => resolve(n)));
      expect(count).toBe(crowdSize + 1);
    });
    for (const socket of connections) socket.write(get);
    await all();
    expect(begun.indexOf(other)).toBeLessThan(5);
  });
});
