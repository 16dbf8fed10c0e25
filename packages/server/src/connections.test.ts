import { EventEmitter } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { closeServer, listen } from '@openfrs/embedded';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connections } from './connections.ts';

const limits = { total: 20, perSource: 15 };
const attacker = '127.0.0.1';
const honest = '127.0.0.2';

let server: Server;
let port: number;
let connections: Connections;
let answers: ServerResponse[] = [];
let sockets: Socket[] = [];
let accepted = 0;
const large = Buffer.alloc(64 * 1024 * 1024);
beforeEach(() => start(60_000));
async function start(sendMs: number, leaveMs = { least: 0, most: 0 }): Promise<void> {
  answers = [];
  sockets = [];
  server = createServer((incoming, response) => {
    if (incoming.url === '/later') answers.push(response);
    else if (incoming.url === '/large') response.end(large);
    else if (incoming.method === 'GET') response.end('ok');
    incoming.on('error', () => {});
  });
  connections = new Connections(server, limits, sendMs, leaveMs);
  server.on('connection', () => {
    accepted += 1;
  });
  port = await listen(server, 0, 'the server');
}
afterEach(stop);
async function stop(): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await closeServer(server, 0);
}

/** A connection that sends `text`, and collects what comes back. */
async function open(text: string, localAddress = attacker): Promise<{ socket: Socket; got: () => string }> {
  let got = '';
  const before = accepted;
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  sockets.push(socket);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    got += chunk;
  });
  socket.write(text);
  await vi.waitFor(
    () => expect(connections.size !== before || socket.destroyed || got !== '').toBe(true),
    20_000,
  );
  return { socket, got: () => got };
}
const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const isOpen = ({ socket }: { socket: Socket }) => !socket.destroyed && !socket.readableEnded;
const answered = (got: () => string) =>
  vi.waitFor(() => expect(got()).toMatch(/^HTTP\/1\.1 200 /), { timeout: 20_000 });

describe('when one source has all the connections that it may have', () => {
  it.each([
    ['idle', ''],
    ['in unfinished headers', 'GET / HTTP/1.1\r\nHost: a\r\nX-A: '],
    ['in unfinished bodies', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{'],
    ['kept alive', get],
  ])('and they are %s, it and others get in at once, and its number is bounded', async (_, text) => {
    for (let count = 0; count < 40; count++) await open(text);
    await vi.waitFor(() => expect(connections.size).toBeLessThanOrEqual(limits.perSource));
    await answered((await open(get, honest)).got);
    await answered((await open(get)).got);
  });
});

describe('idle connections beyond the number of their source', () => {
  const leaveMs = { least: 2000, most: 3000 };
  beforeEach(async () => {
    await stop();
    await start(60_000, leaveMs);
  });
  const crowd = async (count: number) => {
    const all = [];
    for (let one = 0; one < count; one++) all.push(await open(''));
    await vi.waitFor(() => expect(connections.size + connections.leaving).toBe(count), 20_000);
    return all;
  };
  const openOf = (all: readonly { socket: Socket }[]) => all.filter(isOpen).length;

  it('leave one by one within seconds, not at once, where there is room: a crowd would be back at once', async () => {
    const all = await crowd(limits.total);
    expect([connections.size, connections.leaving, openOf(all)]).toEqual([15, 5, 20]);
    await vi.waitFor(() => expect(openOf(all)).toBe(limits.perSource), { timeout: 10_000 });
    expect([connections.size, connections.leaving]).toEqual([15, 0]);
  });

  it('make room for others at once', async () => {
    const all = await crowd(limits.total);
    for (let one = 0; one < 4; one++) await answered((await open(get, honest)).got);
    expect(connections.size + connections.leaving).toBeLessThanOrEqual(limits.total);
    await vi.waitFor(() => expect(openOf(all)).toBe(limits.total - 4), { timeout: 900 });
  });

  it('stay if they ask for something', async () => {
    const all = await crowd(limits.total);
    all[0]?.socket.write(get);
    await answered(all[0]?.got ?? (() => ''));
    await vi.waitFor(() => expect(connections.leaving).toBe(0), { timeout: 10_000 });
    expect(all[0] && isOpen(all[0])).toBe(true);
    expect(connections.size).toBe(limits.perSource);
  });
});

it('of a crowd that comes one after the other, few are looked at for each of it', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  try {
    let looks = 0;
    const many = new EventEmitter();
    const counted = new Connections(many as Server, { total: 5000, perSource: 1000 });
    const come = (count: number) => {
      for (let one = 0; one < count; one++) {
        const socket = new EventEmitter();
        const bytesRead = { get: () => looks++ && 0 };
        Object.defineProperty(socket, 'bytesRead', bytesRead);
        many.emit('connection', Object.assign(socket, { remoteAddress: attacker, destroy() {} }));
      }
    };
    come(1000);
    vi.advanceTimersByTime(1500);
    looks = 0;
    come(1000);
    expect(counted.leaving).toBeGreaterThan(900);
    expect(looks / 1000).toBeLessThan(10);
    many.emit('close');
  } finally {
    vi.useRealTimers();
  }
});

describe('when all connections are taken', () => {
  it('those of the source with the most go first, and of others none', async () => {
    const others = [];
    for (let count = 0; count < 6; count++) others.push(await open('', honest));
    for (let count = 0; count < 30; count++) await open('');
    expect(others.every(isOpen)).toBe(true);
    expect(connections.size).toBeLessThanOrEqual(limits.total);
  });

  it('idle ones go before unfinished headers, these before unfinished bodies, the longest first', async () => {
    const bodies = [await open('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n')];
    const headers = [await open('GET / HT')];
    const idle = [await open(''), await open('')];
    // Until then they count as just made.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    for (let more = 0; more < limits.perSource - 4; more++)
      await open('POST /later HTTP/1.1\r\nHost: a\r\n\r\n');
    await open('POST /later HTTP/1.1\r\nHost: a\r\n\r\n');
    await vi.waitFor(() => expect(idle.map(isOpen)).toEqual([false, true]));
    await open('POST /later HTTP/1.1\r\nHost: a\r\n\r\n');
    await vi.waitFor(() => expect(idle.map(isOpen)).toEqual([false, false]));
    expect([...headers, ...bodies].map(isOpen)).toEqual([true, true]);
    await open('POST /later HTTP/1.1\r\nHost: a\r\n\r\n');
    await vi.waitFor(() => expect([...headers, ...bodies].map(isOpen)).toEqual([false, true]));
  });

  it('one whose request is being answered is never closed', async () => {
    const working = [];
    for (let count = 0; count < 10; count++)
      working.push(await open('GET /later HTTP/1.1\r\nHost: a\r\n\r\n'));
    await vi.waitFor(() => expect(answers).toHaveLength(10));
    for (let count = 0; count < 60; count++) await open('');
    for (const response of answers) response.end('late');
    for (const { got } of working) await answered(got);
  });
});

describe('a client that asks for much and reads nothing', () => {
  const askMuch = async () => {
    const { socket } = await open('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
    return socket.pause();
  };

  it('is closed, one that reads slowly is not', async () => {
    await stop();
    await start(5000);
    const slow = await askMuch();
    let read = 0;
    slow.on('data', (chunk) => {
      read += chunk.length;
      slow.pause();
      setTimeout(() => slow.resume(), 50);
    });
    slow.resume();
    await askMuch();
    await vi.waitFor(() => expect(connections.size).toBe(1), { timeout: 60_000 });
    const before = read;
    await vi.waitFor(() => expect(read).toBeGreaterThan(before), { timeout: 20_000 });
    expect([slow.destroyed, read < large.length]).toEqual([false, true]);
  }, 90_000);

  it('makes room for others', async () => {
    for (let count = 0; count < limits.perSource; count++) await askMuch();
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect(connections.size).toBe(limits.perSource);
    await answered((await open(get)).got);
    expect(connections.size).toBeLessThanOrEqual(limits.perSource);
  }, 60_000);
});
