import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { FrsError } from '@openfrs/contract';
import { picture, startTestService, type TestService } from '@openfrs/testing/test-service';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAdmission } from './admission/admission.ts';
import { Deadline, withDeadline } from './deadline.ts';
import { lambdaHandler } from './lambda.ts';

const json = JSON.stringify({ image_base64: picture(0).toString('base64') });
const never = () => new Promise<never>(() => {});

describe('a request to the service', () => {
  let service: TestService;
  let port: number;
  let server: Server;
  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    vi.spyOn(console, 'error').mockImplementation(() => {});
    service = await startTestService();
    server = createServer(
      getRequestListener((asked, env) => service.app.fetch(asked, env), { overrideGlobalObjects: false }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    vi.restoreAllMocks();
  });

  beforeEach(() => {
    Object.assign(service.admission, createAdmission({ running: 1, waiting: 10, bodyBytes: 1e6 }));
    Object.assign(service.deadlines, { bodyIdleMs: 100, bodyMs: 300, queueMs: 100, workMs: 300 });
  });
  afterEach(async () => {
    const { memory, queue } = service.admission;
    await vi.waitFor(
      () => expect([memory.reserved, queue.running, queue.waiting]).toEqual([0, 0, 0]),
      20_000,
    );
  });

  const head = (length: number, token = service.ownToken) =>
    `POST ${service.base}/face-detect HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${token}\r\nContent-Length: ${length}\r\n\r\n`;

  /** Sends a request's bytes, and what `more` does; all that comes back until the connection ends or an answer is whole. */
  async function talk(text: string, more: (socket: Socket) => void = () => {}): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      answer += chunk;
      if (/\r\n\r\n.*}$/s.test(answer)) socket.destroy();
    });
    socket.write(text);
    more(socket);
    await once(socket, 'close');
    return answer;
  }

  it('whose body stalls is refused with FRS.0014 and gives its memory back', async () => {
    expect(await talk(`${head(1000)}{"image`)).toMatch(/^HTTP\/1\.1 400 .*"FRS\.0014"/s);
  });

  it('whose body trickles is refused when the time of a whole body is over', async () => {
    const answer = talk(head(1000), (socket) => {
      const timer = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await answer).toMatch(/^HTTP\/1\.1 400 .*"FRS\.0014"/s);
  });

  it('whose client leaves in mid-body gives its memory back', async () => {
    const { memory } = service.admission;
    Object.assign(service.deadlines, { bodyIdleMs: 60_000, bodyMs: 60_000 });
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head(1000)}{"image`);
    await vi.waitFor(() => expect(memory.reserved).toBe(7), 20_000);
    socket.destroy();
    await vi.waitFor(() => expect(memory.reserved).toBe(0), 20_000);
  });

  it('whose work is late is answered with 504 APIG.0201, and holds what it has until the work ends', async () => {
    const { memory, queue } = service.admission;
    let end = () => {};
    let signal: AbortSignal | undefined;
    vi.spyOn(service.vision, 'detect').mockImplementationOnce(async (_, __, given) => {
      signal = given;
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      return [];
    });
    expect(await talk(head(json.length) + json)).toMatch(/^HTTP\/1\.1 504 .*"APIG\.0201"/s);
    expect(signal?.aborted).toBe(true);
    // The text was decoded, and is not held any more.
    const text = picture(0).toString('base64').length;
    expect([memory.reserved, queue.running]).toEqual([json.length - text + picture(0).length, 1]);
    end();
  });

  it('that waits too long for its turn is FRS.0033 with Retry-After, and its work never begins', async () => {
    const { queue } = service.admission;
    let end = () => {};
    const held = queue.run(
      { project: 'other', operation: 'x' },
      () => new Promise<void>((resolve) => (end = resolve)),
    );
    const detect = vi.spyOn(service.vision, 'detect').mockClear();
    expect(await talk(head(json.length) + json)).toMatch(/^HTTP\/1\.1 400 .*Retry-After: 5.*"FRS\.0033"/is);
    expect(detect).not.toHaveBeenCalled();
    end();
    await held;
  });

  it('whose client leaves in mid-work is told to the work by its signal', async () => {
    let told = false;
    const begun = new Promise<Socket>((resolve) => {
      vi.spyOn(service.vision, 'detect').mockImplementationOnce(
        (_, __, signal) =>
          new Promise((_resolve, reject) => {
            resolve(socket);
            signal?.addEventListener('abort', () => {
              told = true;
              reject(signal.reason);
            });
          }),
      );
    });
    const socket = connect(port, '127.0.0.1');
    socket.write(head(json.length) + json);
    (await begun).destroy();
    await vi.waitFor(() => expect(told).toBe(true), 20_000);
  });

  it('whose parser fails, or whose work fails in an unknown way, gives everything back', async () => {
    vi.spyOn(service.vision, 'detect').mockRejectedValueOnce(new Error('broken'));
    expect(await talk(head(json.length) + json)).toMatch(/^HTTP\/1\.1 500 /);
    const form = `POST ${service.base}/face-detect HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${service.ownToken}\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 30000\r\n\r\n`;
    expect(await talk(`${form}${'--B\r\n\r\n'.padEnd(30_000, 'x')}`)).toMatch(
      /^HTTP\/1\.1 400 .*"FRS\.0012"/s,
    );
  });

  it('with parts that name themselves in no usable way is answered', async () => {
    const content = 'x'.repeat(30_000);
    for (const lines of [
      '',
      'Content-Disposition: attachment; name="image_file"\r\n',
      'Content-Disposition: form-data\r\n',
      `${Array.from({ length: 40 }, (_, n) => `X-${n}: 1\r\n`).join('')}`,
      `X: ${'a'.repeat(17_000)}\r\n`,
    ]) {
      const body = `--B\r\n${lines}\r\n${content}\r\n--B--\r\n`;
      const type = `Content-Type: multipart/form-data; boundary=B\r\nContent-Length: ${body.length}`;
      for (const operation of ['face-detect', 'face-compare', 'live-detect', 'live-detect-face']) {
        const version = operation === 'live-detect-face' ? 'v1' : 'v2';
        const answer = await talk(
          `POST /${version}/${service.owner.projectId}/${operation} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${service.ownToken}\r\n${type}\r\n\r\n${body}`,
        );
        expect([operation, answer]).toEqual([
          operation,
          expect.stringMatching(/^HTTP\/1\.1 400 .*"FRS\.0011"/s),
        ]);
      }
    }
  });

  it.each([
    ['nothing at all', ''],
    ['an Authorization that is none', 'Authorization: Basic eDp5\r\n'],
  ])('with %s as its credential is refused before its body has come, chunked too', async (_, header) => {
    Object.assign(service.deadlines, { bodyIdleMs: 60_000, bodyMs: 60_000, queueMs: 60_000, workMs: 60_000 });
    for (const size of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
      const start = `POST ${service.base}/face-detect HTTP/1.1\r\nHost: a\r\n${header}${size}\r\n\r\n`;
      expect(await talk(start)).toMatch(/^HTTP\/1\.1 401 .*"APIG\.0301"/s);
    }
  });

  it('to IAM has at most 64 kB of body', async () => {
    const start = (size: string) => `POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\n${size}\r\n\r\n`;
    expect(await talk(start('Content-Length: 65537'))).toMatch(/^HTTP\/1\.1 413 .*"APIG\.0201"/s);
    const chunk = `11000\r\n${' '.repeat(0x11000)}\r\n`;
    expect(await talk(start('Transfer-Encoding: chunked') + chunk)).toMatch(
      /^HTTP\/1\.1 413 .*"APIG\.0201"/s,
    );
    expect(await talk(`${start('Content-Length: 65536')}${' '.repeat(65_536)}`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('in a function is answered before the function is ended', async () => {
    Object.assign(service.deadlines, { bodyIdleMs: 60_000, bodyMs: 60_000, queueMs: 60_000, workMs: 60_000 });
    let end = () => {};
    vi.spyOn(service.vision, 'detect').mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => (end = resolve));
      return [];
    });
    const event = {
      rawPath: `${service.base}/face-detect`,
      rawQueryString: '',
      headers: { 'x-auth-token': service.ownToken },
      body: json,
      requestContext: { http: { method: 'POST' } },
    };
    const answer = await lambdaHandler(service.app)(event, { getRemainingTimeInMillis: () => 1200 });
    expect([answer.statusCode, JSON.parse(answer.body).error_code]).toEqual([504, 'APIG.0201']);
    end();
  });
});

describe('a deadline', () => {
  it('leaves no timer and no listener behind', async () => {
    vi.useFakeTimers();
    const client = new AbortController();
    const removed = vi.spyOn(client.signal, 'removeEventListener');
    expect(await withDeadline(client.signal, undefined, async () => 'done')).toBe('done');
    await expect(
      withDeadline(client.signal, undefined, async () => {
        throw new FrsError('FRS.0016');
      }),
    ).rejects.toMatchObject({ code: 'FRS.0016' });
    const late = withDeadline(client.signal, undefined, never).catch((error: FrsError) => error.status);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await late).toBe(504);
    expect(vi.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledTimes(3);
    vi.useRealTimers();
  });

  it('ends the work of a client that had left before it began', async () => {
    const answer = withDeadline(AbortSignal.abort(), undefined, never);
    await expect(answer).rejects.toMatchObject({ code: 'FRS.0014' });
  });

  it('gives the work what the queue has left of it, counted from the arrival of the body', async () => {
    vi.useFakeTimers();
    const deadline = new Deadline();
    deadline.configure({ bodyIdleMs: 10, bodyMs: 20, queueMs: 50, workMs: 100 });
    deadline.startBody();
    await vi.advanceTimersByTimeAsync(9);
    deadline.endBody();
    deadline.startQueue();
    await vi.advanceTimersByTimeAsync(49);
    deadline.startWork();
    await vi.advanceTimersByTimeAsync(49);
    expect(deadline.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(5);
    expect(deadline.signal.reason).toMatchObject({ code: 'APIG.0201', status: 504 });
    vi.useRealTimers();
  });
});
