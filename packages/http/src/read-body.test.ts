import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryBudget } from './admission/memory-budget.ts';
import { BodyBuffer } from './body-buffer.ts';
import { Deadline } from './deadline.ts';
import { readStream } from './read-body.ts';

const limit = 1_000_000;

/** A stream, what reads it, and what counts it. */
function reading(stream = new PassThrough({ highWaterMark: limit })) {
  const budget = new MemoryBudget(4 * limit);
  const reservation = budget.reserve();
  const deadline = new Deadline();
  const body = readStream(stream, { limit, reservation, deadline }).finally(() => deadline.stop());
  return { stream, budget, reservation, body, deadline };
}

afterEach(() => vi.restoreAllMocks());

describe('a body', () => {
  it('of many pieces comes out as they came in, counted as they come', async () => {
    const { stream, budget, body } = reading();
    const pieces = Array.from({ length: 20 }, (_, at) => Buffer.alloc(1 + at * 2500, at));
    for (const [at, piece] of pieces.entries()) {
      stream.write(piece);
      await vi.waitFor(() => expect(budget.reserved).toBe(Buffer.concat(pieces.slice(0, at + 1)).length));
    }
    stream.end();
    expect(Buffer.from(await body).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('of one piece is that piece, and one without any is empty', async () => {
    const one = reading();
    const piece = Buffer.from('{}');
    one.stream.end(piece);
    expect(await one.body).toBe(piece);
    const none = reading();
    none.stream.end();
    expect(await none.body).toHaveLength(0);
  });

  it('is given back to the system when its reservation is released, all views of it with it', async () => {
    const { stream, budget, reservation, body } = reading();
    stream.write(Buffer.alloc(100_000, 1));
    stream.end(Buffer.alloc(100_000, 2));
    const bytes = await body;
    const part = bytes.subarray(50_000, 150_000);
    expect(part[99_999]).toBe(2);
    reservation.release();
    expect([budget.reserved, bytes.buffer.byteLength, part.length]).toEqual([0, 0, 0]);
  });

  it.each([
    ['grows beyond the limit', 'APIG.0201', (stream: PassThrough) => stream.write(Buffer.alloc(limit))],
    ['breaks off', 'FRS.0014', (stream: PassThrough) => stream.destroy()],
    ['fails', 'FRS.0014', (stream: PassThrough) => stream.destroy(new Error('reset'))],
  ])(
    'that %s is refused with %s, and nothing of it is kept until the request ends',
    async (_, code, more) => {
      const freed = vi.spyOn(BodyBuffer.prototype, 'free');
      const { stream, body } = reading();
      const refused = body.catch((error) => error.code);
      stream.write(Buffer.alloc(1000));
      stream.write(Buffer.alloc(1000));
      await new Promise((resolve) => setImmediate(resolve));
      more(stream);
      expect(await refused).toBe(code);
      expect(freed).toHaveBeenCalledOnce();
    },
  );

  it('that is too much for the budget is refused with FRS.0033, and nothing of it is kept', async () => {
    const freed = vi.spyOn(BodyBuffer.prototype, 'free');
    const { stream, budget, body } = reading();
    const refused = body.catch((error) => error.code);
    budget.reserve('other').add(4 * limit - 2500);
    for (let times = 0; times < 3; times++) stream.write(Buffer.alloc(1000));
    expect(await refused).toBe('FRS.0033');
    expect(freed).toHaveBeenCalledOnce();
  });

  it('that stalls while others need the memory is refused with FRS.0033, freed and counted no more at once', async () => {
    const freed = vi.spyOn(BodyBuffer.prototype, 'free');
    const { stream, budget, body } = reading();
    const refused = body.catch((error) => error.code);
    for (let times = 0; times < 3; times++) stream.write(Buffer.alloc(300_000));
    await vi.waitFor(() => expect(budget.reserved).toBe(900_000));
    const others = Array.from({ length: 5 }, (_, at) => budget.reserve(`other ${at}`));
    expect(others.map((other) => other.add(600_000))).toEqual([true, true, true, true, true]);
    expect(freed).toHaveBeenCalledOnce();
    expect(budget.reserved).toBe(3_000_000);
    expect(await refused).toBe('FRS.0033');
  });

  it('that is whole stays while others need the memory', async () => {
    const { stream, budget, body } = reading();
    stream.end(Buffer.alloc(900_000, 1));
    const bytes = await body;
    for (let other = 0; other < 5; other++) budget.reserve(`other ${other}`).add(600_000);
    expect(budget.reserved).toBe(3_300_000);
    expect(bytes).toHaveLength(900_000);
  });

  it('whose deadline passes is refused with its reason, and nothing of it is kept', async () => {
    const freed = vi.spyOn(BodyBuffer.prototype, 'free');
    const { stream, body, deadline } = reading();
    const refused = body.catch((error) => error.code);
    stream.write(Buffer.alloc(1000));
    stream.write(Buffer.alloc(1000));
    await new Promise((resolve) => setImmediate(resolve));
    deadline.configure({ bodyIdleMs: 1, bodyMs: 1, queueMs: 1, workMs: 1 });
    expect(await refused).toBe('APIG.0201');
    expect(freed).toHaveBeenCalledOnce();
  });
});

describe('the memory of a body', () => {
  it('is taken as bytes come, not as they are promised', () => {
    const memory = new BodyBuffer(12 * 1024 * 1024);
    memory.append(Buffer.alloc(100_000));
    expect(memory.bytes.buffer.byteLength).toBeLessThan(500_000);
  });

  it('is at most twice its bytes, also where a sender promises more', () => {
    const memory = new BodyBuffer(12 * 1024 * 1024);
    for (let piece = 0; piece < 40; piece++) memory.append(Buffer.alloc(65_536, piece));
    expect(memory.bytes.buffer.byteLength).toBeLessThanOrEqual(2 * 40 * 65_536);
    expect([...Array(40).keys()].map((piece) => memory.bytes[piece * 65_536 + 9])).toEqual([
      ...Array(40).keys(),
    ]);
  });

  it('costs no collection of the whole heap', async () => {
    const majors: number[] = [];
    const { NODE_PERFORMANCE_GC_MAJOR } = constants;
    const observer = new PerformanceObserver((list) => {
      const entries = list.getEntries() as unknown as readonly {
        duration: number;
        detail: { kind: number };
      }[];
      for (const { detail, duration } of entries)
        if (detail.kind === NODE_PERFORMANCE_GC_MAJOR) majors.push(duration);
    });
    observer.observe({ entryTypes: ['gc'] });
    const piece = Buffer.alloc(65_536);
    for (let body = 0; body < 60; body++) {
      const memory = new BodyBuffer(12 * 1024 * 1024);
      for (let count = 0; count < 92; count++) memory.append(piece);
      memory.free();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    observer.disconnect();
    expect(majors.length).toBeLessThan(2);
  });

  it('holds the last byte of its limit', () => {
    const memory = new BodyBuffer(300_001);
    memory.append(Buffer.alloc(300_000));
    memory.append(Buffer.from([7]));
    expect(memory.bytes).toHaveLength(300_001);
    expect(memory.bytes[300_000]).toBe(7);
  });
});

describe('the length that a request tells', () => {
  /** What the server reads of a request that is sent byte by byte. */
  async function served(text: string, then: 'ends' | 'waits'): Promise<string> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${text}`);
    if (then === 'ends') socket.end();
    const [incoming] = (await once(server, 'request')) as [IncomingMessage];
    const budget = new MemoryBudget(limit);
    const deadline = new Deadline();
    const body = readStream(incoming, { limit, reservation: budget.reserve(), deadline });
    const read = await body.then(
      (bytes) => Buffer.from(bytes).toString(),
      (error) => String(error.code),
    );
    deadline.stop();
    socket.destroy();
    server.close();
    return read;
  }

  it('is what is read: what comes behind it is no part of the body', async () => {
    expect(await served('Content-Length: 3\r\n\r\nabcdef', 'waits')).toBe('abc');
  });

  it('and does not come is FRS.0014', async () => {
    expect(await served('Content-Length: 9\r\n\r\nabc', 'ends')).toBe('FRS.0014');
  });

  it('is not needed: chunks are joined', async () => {
    const chunked = 'Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n';
    expect(await served(chunked, 'waits')).toBe('abc');
  });
});
