import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { readPieces } from './read-pieces.ts';

const size = 8 * 1024 * 1024;
const server = createServer();
afterAll(() => server.close());

/** The request of a client whose body lies in the kernel's buffers, as much as they hold. */
async function waiting(): Promise<IncomingMessage> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const request = new Promise<IncomingMessage>((resolve) => server.once('request', resolve));
  const client = connect(port, '127.0.0.1');
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
  client.write(Buffer.alloc(size));
  const incoming = await request;
  incoming.socket.on('close', () => client.destroy());
  return incoming;
}

it('takes a piece or two in a turn of the event loop, and the whole stream', async () => {
  const stream = await waiting();
  let [total, inTurn, mostInTurn] = [0, 0, 0];
  const ended = new Promise((resolve) => stream.on('end', resolve));
  readPieces(stream, (piece) => {
    if (inTurn === 0) setImmediate(() => (inTurn = 0));
    inTurn += piece.length;
    mostInTurn = Math.max(mostInTurn, inTurn);
    total += piece.length;
  });
  await ended;
  expect(total).toBe(size);
  expect(mostInTurn).toBeLessThanOrEqual(256 * 1024);
  stream.destroy();
});
