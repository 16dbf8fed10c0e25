import { once } from 'node:events';
import { Agent, createServer, type RequestOptions, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { picture, startTestService, type TestService } from '@openfrs/testing/test-service';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lambdaHandler } from './lambda.ts';

let service: TestService;
let port: number;
let server: Server;
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  service = await startTestService();
  server = createServer(
    getRequestListener((asked, env) => service.app.fetch(asked, env), { overrideGlobalObjects: false }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
  vi.restoreAllMocks();
});

interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Sends a request byte by byte as told; no client library has its say. */
async function http(
  options: RequestOptions,
  body?: Uint8Array | string | Iterable<Uint8Array>,
): Promise<Reply> {
  const sent = request({
    port,
    host: '127.0.0.1',
    ...options,
    headers: { 'X-Auth-Token': service.ownToken, ...options.headers },
  });
  const answered = once(sent, 'response');
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) {
    for (const chunk of body) if (!sent.write(chunk)) await once(sent, 'drain');
    sent.end();
  } else sent.end(body);
  const [response] = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString() || '{}') };
}

const detect = () => ({ method: 'POST', path: `${service.base}/face-detect` });
const multipart = { 'Content-Type': 'multipart/form-data; boundary=B' };
/** A multipart body from parts as they are: header lines and content. */
function form(...parts: [headers: string[], content: string | Buffer][]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(([headers, content]) => [
      Buffer.from(`--B\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--B--\r\n'),
  ]);
}
const field = (name: string, content: string): [string[], string] => [
  [`Content-Disposition: form-data; name="${name}"`],
  content,
];
const file = (name: string, content: Buffer, ...more: string[]): [string[], Buffer] => [
  [`Content-Disposition: form-data; name="${name}"; filename="a.bin"`, ...more],
  content,
];

describe('JSON', () => {
  const body = () => JSON.stringify({ image_base64: picture(0).toString('base64') });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'application/x-www-form-urlencoded',
    undefined,
  ])('is taken whatever the content type says but multipart: %s', async (type) => {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    expect((await http({ ...detect(), headers }, body())).status).toBe(200);
  });

  it('may come in chunks', async () => {
    const chunks = [...body()].map((char) => Buffer.from(char));
    expect((await http({ ...detect(), headers: { 'Transfer-Encoding': 'chunked' } }, chunks)).status).toBe(
      200,
    );
  });

  it.each([
    ['no body', ''],
    ['half a body', '{"image_base64":'],
    ['a list', '[]'],
    ['deep nesting', '{"a":'.repeat(100_000)],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])],
  ])('%s is FRS.0014', async (_, text) => {
    expect(await http(detect(), text)).toMatchObject({ status: 400, body: { error_code: 'FRS.0014' } });
  });

  it('goes with GET too, where it is ignored', async () => {
    const get = { method: 'GET', path: `${service.base}/face-sets`, headers: { 'Content-Length': '2' } };
    expect((await http(get, '{}')).status).toBe(200);
  });
});

describe('multipart', () => {
  const image = picture(0);

  it.each([
    ['with a file name and a type', file('image_file', image, 'Content-Type: image/jpeg')],
    ['without a content type', file('image_file', image)],
    ['as octet-stream', file('image_file', image, 'Content-Type: application/octet-stream')],
    ['with a transfer encoding', file('image_file', image, 'Content-Transfer-Encoding: binary')],
    ['without a file name', [['Content-Disposition: form-data; name="image_file"'], image]],
    ['with a name not quoted', [['Content-Disposition: form-data; name=image_file; filename=a.jpg'], image]],
  ] as [string, [string[], Buffer]][])('takes a file %s', async (_, part) => {
    expect(await http({ ...detect(), headers: multipart }, form(part))).toMatchObject({ status: 200 });
  });

  it('takes text parts before and after the file, with a charset or without', async () => {
    const name = service.newName();
    await service.send('POST', `${service.base}/face-sets`, {
      face_set_name: name,
      external_fields: { id: { type: 'string' }, big: { type: 'long' } },
    });
    const add = { method: 'POST', path: `${service.base}/face-sets/${name}/faces`, headers: multipart };
    const texts: [string[], string][] = [
      [
        ['Content-Disposition: form-data; name="external_fields"', 'Content-Type: text/plain; charset=UTF-8'],
        '{"id":"王é","big":9007199254740993}',
      ],
      field('external_image_id', 'imageID'),
      field('single', 'true'),
    ];
    for (const parts of [
      [...texts, file('image_file', picture(0, 90))],
      [file('image_file', picture(0, 90)), ...texts],
    ]) {
      const { status, body } = await http(add, form(...parts));
      expect(status).toBe(200);
      expect(body.faces).toMatchObject([{ external_image_id: 'imageID', external_fields: { id: '王é' } }]);
    }
    const search = { ...add, path: `${service.base}/face-sets/${name}/search` };
    const { body } = await http(
      search,
      form(
        field('sort', '[{"big":"asc"}]'),
        field('return_fields', '["big"]'),
        field('filter', 'id:王é'),
        field('top_n', '1'),
        field('threshold', '0.5'),
        file('image_file', image),
      ),
    );
    expect(body.faces).toMatchObject([{ external_image_id: 'imageID', similarity: 1 }]);
  });

  it.each([
    ['no boundary', 'multipart/form-data', form(file('image_file', picture(0)))],
    ['an empty boundary', 'multipart/form-data; boundary=', form(file('image_file', picture(0)))],
    ['another boundary', 'multipart/form-data; boundary=C', form(file('image_file', picture(0)))],
    [
      'a file that is cut off',
      'multipart/form-data; boundary=B',
      form(file('image_file', picture(0))).subarray(0, 70),
    ],
    [
      'headers that are cut off',
      'multipart/form-data; boundary=B',
      form(file('image_file', picture(0))).subarray(0, 30),
    ],
    [
      'no closing boundary',
      'multipart/form-data; boundary=B',
      form(file('image_file', picture(0))).subarray(0, -8),
    ],
    [
      'a field that is cut off',
      'multipart/form-data; boundary=B',
      form(field('filter', 'abc')).subarray(0, 50),
    ],
    [
      'too many parts',
      'multipart/form-data; boundary=B',
      form(...Array.from({ length: 500 }, (_, n) => field(`f${n}`, 'x'))),
    ],
    ['JSON', 'multipart/form-data; boundary=B', Buffer.from('{"image_base64":"AAAA"}')],
    [
      'twice the file',
      'multipart/form-data; boundary=B',
      form(file('image_file', picture(0)), file('image_file', picture(0))),
    ],
    [
      'two alternatives',
      'multipart/form-data; boundary=B',
      form(file('image_file', picture(0)), field('image_base64', 'AAAA')),
    ],
  ])('with %s is FRS.0012', async (_, type, body) => {
    expect(await http({ ...detect(), headers: { 'Content-Type': type } }, body)).toMatchObject({
      status: 400,
      body: { error_code: 'FRS.0012' },
    });
  });

  describe('in another charset', () => {
    /** Text that Node can't encode itself: `{"id":"王小明"}`. */
    const encodings: [charset: string, bytes: Buffer][] = [
      ['GBK', Buffer.from('7b226964223a22cdf5d0a1c3f7227d', 'hex')],
      ['gb2312', Buffer.from('7b226964223a22cdf5d0a1c3f7227d', 'hex')],
      ['"GB18030"', Buffer.from('7b226964223a22cdf5d0a1c3f7227d', 'hex')],
      ['Big5', Buffer.from('7b226964223a22a4fda470a9fa227d', 'hex')],
      ['UTF-16LE', Buffer.from('{"id":"王小明"}', 'utf16le')],
      ['UTF-16', Buffer.from('\ufeff{"id":"王小明"}', 'utf16le')],
      // As Java writes it: big endian, with a byte order mark.
      ['utf-16', Buffer.from('\ufeff{"id":"王小明"}', 'utf16le').swap16()],
      ['"UTF-16BE"', Buffer.from('{"id":"王小明"}', 'utf16le').swap16()],
      ['utf-8', Buffer.from('{"id":"王小明"}')],
    ];
    const text = (name: string, content: Buffer, type?: string): [string[], Buffer] => [
      [
        `Content-Disposition: form-data; name="${name}"`,
        ...(type === undefined ? [] : [`Content-Type: ${type}`]),
      ],
      content,
    ];
    /** One for all of them: a project has ten at most. */
    let name: Promise<string> | undefined;
    const create = async () => {
      const created = service.newName();
      const fields = { id: { type: 'string' } };
      await service.send('POST', `${service.base}/face-sets`, {
        face_set_name: created,
        external_fields: fields,
      });
      return created;
    };
    const set = async () => {
      name ??= create();
      return { method: 'POST', path: `${service.base}/face-sets/${await name}/faces`, headers: multipart };
    };

    it.each(encodings)('%s, told by the part, a text is read', async (charset, bytes) => {
      const part = text('external_fields', bytes, `text/plain; charset=${charset}`);
      const { status, body } = await http(await set(), form(part, file('image_file', picture(0))));
      expect([status, body.faces]).toMatchObject([200, [{ external_fields: { id: '王小明' } }]]);
    });

    it('told for all parts by _charset_ (RFC 7578, 4.6), a text is read; the part itself comes first', async () => {
      const [[, gbk]] = encodings as [[string, Buffer]];
      const parts = [
        field('_charset_', 'gbk'),
        text('external_fields', gbk),
        text('external_image_id', Buffer.from('a', 'utf16le'), 'text/plain; charset=utf-16le'),
        file('image_file', picture(0)),
      ];
      const { status, body } = await http(await set(), form(...parts));
      expect([status, body.faces]).toMatchObject([
        200,
        [{ external_fields: { id: '王小明' }, external_image_id: 'a' }],
      ]);
    });

    it.each([
      ['GBK that tells no charset', 'external_fields', encodings[0]?.[1], undefined],
      ['GBK that claims to be UTF-8', 'external_fields', encodings[0]?.[1], 'text/plain; charset=utf-8'],
      [
        'half a character',
        'external_fields',
        Buffer.from('7b226964223a22cd', 'hex'),
        'text/plain; charset=gbk',
      ],
      ['an unknown charset', 'external_fields', Buffer.from('{}'), 'text/plain; charset=klingon'],
      [
        'more text than any parameter has',
        'external_image_id',
        Buffer.alloc(2_000_000, 0xe9),
        'text/plain; charset=windows-1252',
      ],
      [
        'more letters than any parameter has',
        'external_image_id',
        Buffer.from('张'.repeat(1_000_000)),
        undefined,
      ],
      ['bytes for an id', 'external_image_id', Buffer.from([0xcd, 0xf5]), undefined],
      ['bytes for a truth value', 'single', Buffer.from([0xff]), undefined],
    ])('%s is FRS.0012, and the message says why', async (_, name, bytes, type) => {
      const part = text(name, bytes ?? Buffer.of(), type);
      const { status, body } = await http(await set(), form(part, file('image_file', picture(0))));
      expect([status, body.error_code]).toEqual([400, 'FRS.0012']);
      expect(body.error_msg).toContain(`Parameter: ${name}: must be text in the charset`);
    });
  });

  it('ignores parts that are no parameters, whatever is in them', async () => {
    const binary = Buffer.from([0xff, 0xfe, 0]);
    const parts = form(file('photo', binary), field('sort', '{'), file('image_file', picture(0)));
    expect(await http({ ...detect(), headers: multipart }, parts)).toMatchObject({ status: 200 });
    const text = form(file('attributes', binary), file('image_file', picture(0)));
    expect(await http({ ...detect(), headers: multipart }, text)).toMatchObject({
      body: { error_code: 'FRS.0012' },
    });
  });

  it('without a body or without parts lacks the picture: FRS.0011 or FRS.0012', async () => {
    for (const body of ['', '--B--\r\n']) {
      const answer = await http({ ...detect(), headers: multipart }, body);
      expect(answer.status).toBe(400);
      expect(['FRS.0011', 'FRS.0012']).toContain(answer.body.error_code);
    }
  });

  it('is not for operations that take JSON only', async () => {
    const create = { method: 'POST', path: `${service.base}/face-sets`, headers: multipart };
    expect(await http(create, form(field('face_set_name', 'a')))).toMatchObject({
      body: { error_code: 'FRS.0014' },
    });
  });
});

describe('a body that is too large', () => {
  const block = Buffer.alloc(1024 * 1024, 0x20);
  function* blocks(count: number) {
    for (let n = 0; n < count; n++) yield block;
  }

  it('is 413 by its Content-Length, and the client can read that', async () => {
    const headers = { 'Content-Length': String(24 * block.length) };
    const answer = await http({ ...detect(), headers }, blocks(24));
    expect(answer).toMatchObject({ status: 413, body: { error_code: 'APIG.0201' } });
  });

  it('is 413 in chunks too, and costs no more memory than one that is taken', async () => {
    const before = process.memoryUsage().rss;
    const answer = await http({ ...detect(), headers: { 'Transfer-Encoding': 'chunked' } }, blocks(32));
    expect(answer).toMatchObject({ status: 413, body: { error_code: 'APIG.0201' } });
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
  });

  it('up to 12 MB is read', async () => {
    const answer = await http(detect(), blocks(12));
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'FRS.0014' } });
  });

  it('that breaks off in the middle leaves the service well', async () => {
    const socket = connect(port, '127.0.0.1');
    const reached = once(server, 'request');
    const head = `POST ${service.base}/face-detect HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${service.ownToken}`;
    socket.write(`${head}\r\nContent-Length: 1000\r\n\r\n{"a`);
    const [incoming] = await reached;
    const ended = new Promise((resolve) => incoming.once('close', resolve));
    socket.destroy();
    await ended;
    expect((await http({ method: 'GET', path: `${service.base}/face-sets` })).status).toBe(200);
  });
});

describe('a body that nobody reads', () => {
  it('costs no memory, its sender reads the answer, and the connection goes on', async () => {
    const add = vi.fn(() => true);
    const share = vi.spyOn(service.admission.memory, 'reserve');
    const none = () => {};
    share.mockReturnValue({
      hasCapacity: () => true,
      add,
      startBody: none,
      endBody: none,
      assign: none,
      subtract: none,
      onFree: none,
      free: none,
      release: none,
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const body = Buffer.alloc(11 * 1024 * 1024, 0x20);
    const refused = {
      ...detect(),
      agent,
      headers: { 'X-Auth-Token': 'wrong', 'Content-Length': body.length },
    };
    for (let times = 0; times < 3; times++) {
      expect(await http(refused, body)).toMatchObject({ status: 401, body: { error_code: 'APIG.0307' } });
    }
    expect((await http({ method: 'GET', path: `${service.base}/face-sets`, agent })).status).toBe(200);
    expect(add).not.toHaveBeenCalled();
    agent.destroy();
    share.mockRestore();
  });
});

describe('a body in thousands of tiny chunks', () => {
  const crumbs = Buffer.from(Array.from({ length: 300_000 }, () => '1\r\n \r\n').join(''));
  const tiny = (token: string) =>
    `POST ${service.base}/face-sets HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;

  it.each([
    ['with a token', 'FRS.0014', () => service.ownToken],
    ['of nobody', 'APIG.0307', () => 'wrong'],
  ])('%s is refused with %s when a small part of it was read', async (_, code, token) => {
    const connection = once(server, 'connection');
    const client = connect(port, '127.0.0.1');
    client.on('error', () => {});
    client.write(tiny(token()));
    client.write(crumbs);
    const [socket] = await connection;
    const [answer] = await once(client, 'data');
    expect(String(answer)).toContain(code);
    expect(socket.bytesRead).toBeLessThan(crumbs.length / 3);
    client.destroy();
    expect(service.admission.memory.reserved).toBe(0);
  });
});

describe('AWS Lambda', () => {
  const event = (method: string, rawPath: string, more: object = {}) => ({
    rawPath,
    rawQueryString: '',
    headers: { 'x-auth-token': service.ownToken, host: 'example.com' },
    requestContext: { domainName: 'example.com', http: { method, sourceIp: '192.0.2.1' } },
    ...more,
  });

  it('a POST with a Base64 body is read', async () => {
    const handler = lambdaHandler(service.app);
    const body = Buffer.from(JSON.stringify({ image_base64: picture(0).toString('base64') })).toString(
      'base64',
    );
    const answer = await handler(
      event('POST', `${service.base}/face-detect`, { body, isBase64Encoded: true }),
    );
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(answer.headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(JSON.parse(answer.body).faces).toHaveLength(1);
  });

  it('a GET with a body, a query and an encoded path does not fail', async () => {
    const handler = lambdaHandler(service.app);
    const list = event('GET', `${service.base}/face-sets`, { body: '{}', rawQueryString: 'a=%20&b' });
    expect((await handler(list)).statusCode).toBe(200);
    const odd = await handler(event('GET', `${service.base}/face-sets/a%20b`));
    expect(JSON.parse(odd.body).error_code).toBe('FRS.0012');
  });

  it('a header with characters above U+00FF is read as the bytes that a gateway decoded', async () => {
    const handler = lambdaHandler(service.app);
    const headers = { 'x-auth-token': service.ownToken, 'x-note': '王小明', 'x-名': 'a', 'x-bad': 'a\nb' };
    expect((await handler(event('GET', `${service.base}/face-sets`, { headers }))).statusCode).toBe(200);
    const refused = await handler(
      event('GET', `${service.base}/face-sets`, { headers: { 'x-auth-token': '令牌\ud800' } }),
    );
    expect([refused.statusCode, JSON.parse(refused.body).error_code]).toEqual([401, 'APIG.0307']);
  });

  it('whatever the event holds, the result is an answer of the contract with a request id', async () => {
    const handler = lambdaHandler(service.app);
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('/', '', '//', '\ud800'),
    );
    const events = fc.oneof(
      fc
        .record({
          method: fc.oneof(text, fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'POST')),
          rawPath: fc.oneof(text, fc.constant(`${service.base}/face-sets`)),
          more: fc.record(
            { rawQueryString: text, headers: fc.dictionary(text, text), cookies: fc.array(text), body: text },
            { requiredKeys: [] },
          ),
        })
        .map(({ method, rawPath, more }): unknown => event(method, rawPath, more)),
      fc.anything(),
    );
    await fc.assert(
      fc.asyncProperty(events, async (any) => {
        const { statusCode, headers, body } = await handler(any as ReturnType<typeof event>);
        expect(statusCode).toBeLessThan(500);
        expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}-/);
        expect(headers['content-type']).toBe('application/json; charset=UTF-8');
        // Of HEAD there is no body.
        if (body !== '') expect(JSON.parse(body)).toBeTypeOf('object');
        else expect(any).toMatchObject({ requestContext: { http: { method: 'HEAD' } } });
      }),
      { numRuns: 500 },
    );
  });

  it('a fault of the app itself is FRS.0018 with a request id', async () => {
    vi.spyOn(console, 'error').mockImplementationOnce(() => {});
    const broken = { fetch: () => Promise.reject(new Error('broken')) } as unknown as typeof service.app;
    const answer = await lambdaHandler(broken)(event('GET', '/'));
    expect([answer.statusCode, JSON.parse(answer.body).error_code]).toEqual([500, 'FRS.0018']);
    expect(answer.headers['X-Request-Id']).toBeTruthy();
  });
});
