import type { Server, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { closeServer, listen } from '@openfrs/embedded';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hardenedServer } from './http-server.ts';

let server: Server;
let socket: Socket;
let got: string;
let begun: ServerResponse[];
beforeEach(async () => {
  begun = [];
  got = '';
  server = hardenedServer(
    (_, response) => begun.push(response),
    { total: 10, perSource: 10 },
    () => '',
  );
  const port = await listen(server, 0, 'the server');
  socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    got += chunk;
  });
});
afterEach(async () => {
  socket.destroy();
  await closeServer(server, 0);
});

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });
const closed = () => until(() => expect(socket.destroyed).toBe(true));

it('a pipelined request is begun when the answer before it has been sent, and all are answered in order', async () => {
  socket.write(request.repeat(10));
  for (let count = 1; count <= 10; count++) {
    await until(() => expect(begun.length).toBeGreaterThanOrEqual(count));
    expect(begun).toHaveLength(count);
    begun.at(-1)?.end(`answer ${count}.`);
  }
  await until(() => expect(got.match(/answer \d+/g)).toHaveLength(10));
  expect(got.match(/answer \d+/g)?.map((one) => Number(one.slice(7)))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
});

it('whoever reads nothing has one answer in memory', async () => {
  socket.pause();
  socket.write(request.repeat(10));
  await until(() => expect(begun).toHaveLength(1));
  begun[0]?.end(Buffer.alloc(64 * 1024 * 1024));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(begun).toHaveLength(1);
});

it('whoever pipelines without end is closed', async () => {
  socket.write(request.repeat(1000));
  await closed();
  expect(begun.length).toBeLessThanOrEqual(1);
});

it('garbage behind a request is not taken for its answer: that one is sent, then the connection closed', async () => {
  socket.write(`${request}garbage\r\n\r\n`);
  await until(() => expect(begun).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 200));
  socket.write('more garbage\r\n\r\n');
  begun[0]?.end('its answer');
  await closed();
  expect(got.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
  expect(got).toContain('its answer');
});
