import { connect } from 'node:net';
import { closeServer, listen } from '@openfrs/embedded';
import type { HttpEnv } from '@openfrs/http';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpListener } from './http-listener.ts';
import { createMetrics } from './metrics/metrics.ts';

const newListener = (trustedProxies: readonly string[] = []) =>
  new HttpListener(
    {
      connections: { total: 200, perSource: 100 },
      refusals: { perSecond: 1000, capacity: 1000 },
      trustedProxies,
      forwardedHeader: 'x-forwarded-for',
      tls: undefined,
    },
    () => {},
  );

let listener: HttpListener;
let port: number;
beforeAll(async () => {
  listener = newListener();
  port = await listen(listener.server, 0, 'the service');
});
afterAll(() => closeServer(listener.server));

/** Sends text as it is and returns all that comes back, until an answer is whole, the connection is closed, or silence. */
function raw(text: string | Buffer, silenceMs = 30_000): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk;
      if (isWhole(answer)) socket.end();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

/** Has an answer come with all of the body that its headers tell of? */
function isWhole(answer: string): boolean {
  const [head = '', body] = answer.split(/\r\n\r\n(.*)/s);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (body === undefined) return false;
  return length === undefined ? body.endsWith('0\r\n\r\n') : body.length >= Number(length);
}

const requestId = /^[0-9a-f-]{36}-/;
const status = (answer: string) => answer.match(/HTTP\/1\.1 (\d+)/)?.[1];
/** The contract's form, whoever refused: its code, and the headers of every answer. */
function refusedWith(answer: string): string | undefined {
  const [head = '', body = ''] = answer.split(/\r\n\r\n(.*)/s);
  expect(head).toMatch(/^x-request-id: [0-9a-f-]{36}-/im);
  expect(head).toMatch(/^x-content-type-options: nosniff\r?$/im);
  expect(head).toMatch(/^cache-control: no-store\r?$/im);
  expect(head).toMatch(/^content-type: application\/json; charset=UTF-8\r?$/im);
  return (JSON.parse(body) as { error_code?: string }).error_code;
}
const health = () => fetch(`http://127.0.0.1:${port}/health`);

test('until the service is ready, everything is 503 and to be tried again', async () => {
  const answer = await health();
  expect(answer.headers.get('x-request-id')).toMatch(requestId);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('1');
  const other = await raw('POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
  expect([status(other), refusedWith(other)]).toEqual(['503', 'FRS.0033']);
  expect(other).toMatch(/^retry-after: 1\r?$/im);
});

describe('once it serves', () => {
  beforeAll(() => {
    const app = new Hono<HttpEnv>();
    // What an operation sees: Node's own request, unread, with the path as it was sent.
    app.all('*', async (c) => {
      const { incoming } = c.env;
      let size = 0;
      try {
        for await (const chunk of incoming ?? []) size += (chunk as Buffer).length;
      } catch {
        // the client left
      }
      return c.json({ url: incoming?.url, size });
    });
    listener.open(app);
  });

  test('health is 200, and reading only', async () => {
    expect((await health()).status).toBe(200);
    const head = await fetch(`http://127.0.0.1:${port}/health`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const answer of [await health(), head]) {
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-request-id')).toMatch(requestId);
    }
    for (const method of ['POST', 'OPTIONS', 'TRACE']) {
      const answer = await raw(`${method} /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect([status(answer), refusedWith(answer)]).toEqual(['404', 'APIG.0101']);
    }
  });

  test("a GET's body reaches the operation, and so does the path as it was sent", async () => {
    const answer = await raw(
      'GET /v3/projects/%7e/a%20b/?name=x&name=%2F HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    );
    expect(answer).toContain(JSON.stringify({ url: '/v3/projects/%7e/a%20b/?name=x&name=%2F', size: 2 }));
  });

  test.each([
    ['is no HTTP', 'nonsense\r\n\r\n', '400'],
    ['has an invalid header', 'GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n', '400'],
    ['has no Host', 'GET / HTTP/1.1\r\n\r\n', '400'],
    [
      'has two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      '400',
    ],
    [
      'has a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['has a broken chunk', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', '400'],
    ['has a Host that is none', 'GET / HTTP/1.1\r\nHost: a b/c?d\r\nConnection: close\r\n\r\n', '400'],
    ['has 100 KB of headers', `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(100_000)}\r\n\r\n`, '431'],
    ['has 20,000 headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(20_000)}\r\n`, '431'],
    ['wants something of the server', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: nonsense\r\n\r\n', '417'],
  ])('a request that %s is answered and closed', async (_, text, code) => {
    const answer = await raw(text);
    expect(status(answer)).toBe(code);
    expect(refusedWith(answer)).toMatch(/^(FRS\.0010|FRS\.0014)$/);
    expect((await health()).status).toBe(200);
  });

  test('tunnels and upgrades are not offered', async () => {
    const tunnel = await raw('CONNECT example.org:80 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect([status(tunnel), refusedWith(tunnel)]).toEqual(['404', 'APIG.0101']);
    const upgrade = 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(status(await raw(upgrade))).not.toBe('101');
  });

  test.each([
    'GET http://other/health HTTP/1.1',
    'GET //x/../health HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'GET /\\x HTTP/1.1',
  ])('an odd target (%s) crashes nothing', async (line) => {
    expect(Number(status(await raw(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`)))).toBeLessThan(500);
    expect((await health()).status).toBe(200);
  });

  test('random bytes crash nothing', async () => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 197 + 13) % 256));
    await Promise.all(Array.from({ length: 50 }, (_, index) => raw(bytes.subarray(index * 7), 100)));
    expect((await health()).status).toBe(200);
  });

  test('clients that leave in mid-body do no harm', async () => {
    const half = 'POST /v2/x/face-detect HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nhalf';
    await Promise.all(Array.from({ length: 20 }, () => raw(half, 50)));
    expect((await health()).status).toBe(200);
  });
});

describe('behind a trusted proxy', () => {
  test('requests are of the clients that it names, and a client may not name one itself', async () => {
    const open = async (trustedProxies: string[]) => {
      const behind = newListener(trustedProxies);
      behind.open(new Hono<HttpEnv>().get('/who', (c) => c.text(c.env.remoteAddress ?? '')));
      const at = await listen(behind.server, 0, 'the service');
      const headers = { 'X-Forwarded-For': '198.51.100.7, 2001:db8:1:2:3::4' };
      const text = await (await fetch(`http://127.0.0.1:${at}/who`, { headers })).text();
      await closeServer(behind.server);
      return text;
    };
    // Its network of 64 bits: who has one address has them all.
    expect(await open(['127.0.0.1'])).toBe('2001:db8:1:2');
    expect(await open(['10.0.0.0/8'])).toBe('127.0.0.1');
  });
});

test('a server that drains serves on, says so where it is asked, and keeps no connection', async () => {
  const draining = newListener();
  draining.open(new Hono<HttpEnv>().get('/served', (c) => c.text('served')));
  const at = `http://127.0.0.1:${await listen(draining.server, 0, 'the service')}`;
  expect((await fetch(`${at}/ready`)).status).toBe(200);
  draining.drain();
  expect(await (await fetch(`${at}/ready`)).json()).toEqual({ status: 'stopping' });
  expect((await fetch(`${at}/health`)).status).toBe(200);
  const served = await fetch(`${at}/served`);
  expect([await served.text(), served.headers.get('connection')]).toEqual(['served', 'close']);
  await closeServer(draining.server);
});

test('metrics are answered to who has the token, and are not there for others', async () => {
  const scraped = newListener();
  scraped.open(new Hono<HttpEnv>());
  const at = `http://127.0.0.1:${await listen(scraped.server, 0, 'the service')}/metrics`;
  const scrape = (authorization?: string) =>
    fetch(at, { headers: authorization === undefined ? {} : { authorization } });
  expect((await scrape('Bearer secret')).status).toBe(404);
  scraped.openMetrics(createMetrics(), 'secret');
  expect([(await scrape()).status, (await scrape('Bearer other')).status]).toEqual([404, 404]);
  const answer = await scrape('Bearer secret');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('application/openmetrics-text'),
  ]);
  expect(await answer.text()).toContain('process_resident_memory_bytes');
  await closeServer(scraped.server);
});
