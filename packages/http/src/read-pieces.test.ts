import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { readPieces, tinyChunkCheck } from './read-pieces.ts';

const size = 8 * 1024 * 1024;
const server = createServer();
afterAll(() => server.close());

/** The request of a client whose body lies in the kernel's buffers, as much as they hold. */
async function waiting(
  head = `Content-Length: ${size}`,
  body: Uint8Array = Buffer.alloc(size),
): Promise<IncomingMessage> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const request = new Promise<IncomingMessage>((resolve) => server.once('request', resolve));
  const client = connect(port, '127.0.0.1');
  client.write(`POST / HTTP/1.1\r\nHost: a\r\n${head}\r\n\r\n`);
  client.write(body);
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

it('takes some hundred chunks of one byte in a turn, and all of them', async () => {
  const chunks = 20_000;
  const stream = await waiting(
    'Transfer-Encoding: chunked',
    Buffer.from(`${'1\r\na\r\n'.repeat(chunks)}0\r\n\r\n`),
  );
  let [total, inTurn, mostInTurn] = [0, 0, 0];
  const ended = new Promise((resolve) => stream.on('end', resolve));
  readPieces(stream, (piece) => {
    if (inTurn === 0) setImmediate(() => (inTurn = 0));
    inTurn += 1;
    mostInTurn = Math.max(mostInTurn, inTurn);
    total += piece.length;
  });
  await ended;
  expect(total).toBe(chunks);
  expect(mostInTurn).toBeLessThanOrEqual(512);
  stream.destroy();
});

it.each([
  ['a thousand of one byte', 1000, 1, false],
  ['thousands of one byte', 2000, 1, true],
  ['a hundred thousand lines of Base64', 100_000, 77, false],
  ['a hundred thousand of 16 bytes', 100_000, 16, true],
])('finds %s too tiny or not', (_, count, bytes, isTooTiny) => {
  const check = tinyChunkCheck();
  const piece = new Uint8Array(bytes);
  expect(Array.from({ length: count }, () => check(piece)).at(-1)).toBe(isTooTiny);
});
