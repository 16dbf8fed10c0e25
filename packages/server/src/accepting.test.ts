import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { closeServer, listen } from '@openfrs/embedded';
import { afterEach, expect, it, vi } from 'vitest';
import { acceptSeveral } from './accepting.ts';

const crowd = 60;
const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

const server = createServer((_, response) => response.end('ok'));
acceptSeveral(server);
let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  if (server.listening) await closeServer(server, 0);
});

/** A connection, and whether its answer came. */
function ask(port: number) {
  let got = '';
  const socket = connect({ port, host: '127.0.0.1' });
  sockets.push(socket);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    got += chunk;
  });
  socket.write(get);
  return () => got.startsWith('HTTP/1.1 200');
}

const refusalOf = (port: number) =>
  new Promise((resolve) => {
    const refused = connect({ port, host: '127.0.0.1' }, () => resolve('taken'));
    refused.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    sockets.push(refused);
  });

/** The most connections that were accepted in a turn of the event loop, of a crowd that waits. */
async function mostATurn(port: number): Promise<number> {
  let [inTurn, most, all] = [0, 0, 0];
  const count = () => {
    if (inTurn === 0) setImmediate(() => (inTurn = 0));
    inTurn += 1;
    all += 1;
    most = Math.max(most, inTurn);
  };
  server.on('connection', count);
  const answers = Array.from({ length: crowd }, () => ask(port));
  // Meanwhile the system completes them.
  await new Promise((resolve) => setImmediate(resolve));
  const until = performance.now() + 50;
  while (performance.now() < until);
  await vi.waitFor(() => expect(answers.every((came) => came())).toBe(true), { timeout: 20_000 });
  expect(all).toBe(crowd);
  server.off('connection', count);
  return most;
}

it('accepts several connections in a turn of the event loop, each once', async () => {
  const port = await listen(server, 0, 'the server');
  await vi.waitFor(async () => expect(await mostATurn(port)).toBeGreaterThan(4), { timeout: 30_000 });
}, 40_000);

it('that is closed at once leaves its port', async () => {
  for (let round = 0; round < 5; round++) {
    const port = await listen(server, 0, 'the server');
    await new Promise((resolve) => setTimeout(resolve, round * 20));
    await closeServer(server, 0);
    expect(await refusalOf(port)).toBe('ECONNREFUSED');
  }
});

it('listens again, and when it is closed takes nobody more and waits for requests of all its connections', async () => {
  const port = await listen(server, 0, 'the server');
  await vi.waitFor(async () => expect(await mostATurn(port)).toBeGreaterThan(4), { timeout: 30_000 });
  for (const socket of sockets) socket.destroy();
  const listener = server.listeners('request')[0] as () => void;
  const waiting: (() => void)[] = [];
  server.removeAllListeners('request');
  server.on('request', (_, response) => waiting.push(() => response.end('late')));
  const answers = Array.from({ length: 16 }, () => ask(port));
  await vi.waitFor(() => expect(waiting).toHaveLength(16), { timeout: 20_000 });
  let isClosed = false;
  const closing = closeServer(server, 20_000).then(() => {
    isClosed = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isClosed).toBe(false);
  for (const end of waiting) end();
  await closing;
  await vi.waitFor(() => expect(answers.every((came) => came())).toBe(true));
  expect(await refusalOf(port)).toBe('ECONNREFUSED');
  server.removeAllListeners('request');
  server.on('request', listener);
}, 60_000);
