import { connect, type Socket } from 'node:net';
import { operations } from '@openfrs/contract';
import { describe, expect, it } from 'vitest';
import { call, done, fetchReply, tokenOf } from '../../contract/support/client.ts';
import { service } from '../../contract/support/service.ts';
import { cheaply } from '../support/effort.ts';
import { fixture, set } from '../support/fixture.ts';

/** A connection that is neither answered nor closed by then hangs. */
const patience = 50_000;

const take = (name: Parameters<typeof call>[0], raw: string | Uint8Array) =>
  call(name, { set, account: fixture.attacker, raw });

/** Sends bytes as they are, and reads until the server closes or `patience` is over. */
async function talk(text: string | Uint8Array, more?: (socket: Socket) => void): Promise<string> {
  const { hostname, port } = new URL(service.endpoint);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
    // Further answers on this connection don't matter.
    if (/\r\n\r\n/.test(answer)) socket.end();
  });
  socket.on('error', () => {});
  socket.write(text);
  more?.(socket);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), patience);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return answer.split('\r\n')[0] ?? '';
}

const jsonOperations = operations.flatMap((row) =>
  'body' in row && row.auth === 'project' ? [row.name] : [],
);

describe('hostile JSON', () => {
  const deep = 500_000;
  const bodies: readonly (readonly [string, string | Uint8Array])[] = [
    ['deep lists', `{"image_base64":${'['.repeat(deep)}`],
    ['deep lists that close', `{"external_fields":${'['.repeat(deep)}${']'.repeat(deep)}}`],
    ['deep objects', '{"a":'.repeat(deep)],
    ['a million members', `{${Array.from({ length: 500_000 }, (_, n) => `"${n}":1`).join(',')}}`],
    ['the same member again and again', `{${'"image_base64":"",'.repeat(300_000)}"a":1}`],
    [
      'a number of a million digits',
      `{"top_n":${'9'.repeat(1_000_000)},"face_set_name":"x","face_set_capacity":${'9'.repeat(1_000_000)}}`,
    ],
    ['a hundred thousand long numbers', `{"a":[${'12345678901234567890,'.repeat(100_000)}1]}`],
    ['a huge exponent', '{"top_n":1e999999999,"threshold":1e-999999999,"face_set_capacity":"1e999999"}'],
    ['a number that is none', '{"top_n":1.2.3-4e5,"image_base64":"AAAA"}'],
    ['a million escapes', `{"filter":"${'\\"'.repeat(1_000_000)}","image_base64":"AAAA"}`],
    ['a million backslashes', `{"filter":"${'\\'.repeat(1_000_000)}","image_base64":"AAAA"}`],
    [
      'invalid UTF-8',
      Buffer.concat([
        Buffer.from('{"filter":"'),
        Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xff]),
        Buffer.from('"}'),
      ]),
    ],
    [
      'lone surrogates',
      '{"face_set_name":"\\ud800","external_image_id":"\\udfff","filter":"\\ud800:1","image_base64":"AAAA"}',
    ],
    ['zero bytes', `{"face_set_name":"a\\u0000b","filter":"\\u0000"}${'\0'.repeat(1000)}`],
  ];

  it.each(bodies)(
    '%s: every operation answers 400, in time',
    async (_, body) => {
      for (const name of jsonOperations) {
        const { status, text } = await cheaply(() => take(name, body));
        expect([name, status, text.length < 1000 ? '' : text]).toEqual([name, 400, '']);
      }
    },
    180_000,
  );

  it('reaches no prototype', async () => {
    const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    for (const key of keys) {
      const evil = `{"${key}":{"polluted":true,"prototype":{"polluted":true}},"face_set_name":"p","image_base64":"AAAA","face_id":"x","actions":"1","video_base64":"AAAA","filter":"a:1","external_fields":{"${key}":{"type":"string","polluted":true}}}`;
      for (const name of jsonOperations) expect((await take(name, evil)).status).toBeLessThan(500);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      await call('face-set-delete', { set: 'p', account: fixture.attacker });
    }
  });
});

describe('filters', () => {
  const n = 50_000;
  it.each([
    ['open brackets', '('.repeat(n)],
    ['pairs of brackets', `${'('.repeat(n)}n:[1 TO 2]${')'.repeat(n)}`],
    ['negations', `${'(!'.repeat(n)}n:1${')'.repeat(n)}`],
    ['conjunctions', Array.from({ length: n }, () => 'n:[1 TO 2]').join(' && ')],
    ['mixed junctions', Array.from({ length: n }, () => 'n:1 || id:a').join(' && ')],
    ['spaces', `n${' '.repeat(1_000_000)}:1`],
    ['spaces in a range', `n:[1 TO${' '.repeat(1_000_000)}2`],
    ['spaces at the end', `n:1${' '.repeat(1_000_000)}x`],
    ['a long word', `id:${'a'.repeat(1_000_000)}`],
    ['nearly a word', `id:${'a'.repeat(1_000_000)}!`],
    ['words without end', 'a '.repeat(500_000)],
    ['colons', ':'.repeat(n)],
    ['digits', `n:${'1'.repeat(1_000_000)}`],
    ['letters of all scripts', `id:${'é😀۳'.repeat(100_000)}`],
  ])('%s are judged in time', async (_, filter) => {
    for (const [name, json] of [
      ['face-search', { face_id: 'AAAAAAAA', filter }],
      ['face-delete-batch', { filter }],
    ] as const) {
      const { status } = await cheaply(() => call(name, { set, account: fixture.attacker, json }));
      expect(status).toBe(400);
    }
  });
});

describe('hostile HTTP', () => {
  const get = (target: string, ...lines: string[]) =>
    talk([`GET ${target} HTTP/1.1`, 'Host: a', 'Connection: close', ...lines, '', ''].join('\r\n'));

  it('header floods end with an answer and cost nothing', async () => {
    const many = Array.from({ length: 5000 }, (_, at) => `X-${at}: ${at}`);
    expect(await get('/health', ...many)).toMatch(/ 4\d\d /);
    expect(await get('/health', `X-A: ${'a'.repeat(1_000_000)}`)).toMatch(/^$| 4\d\d /);
    expect(await get(`/${'a'.repeat(100_000)}`)).toMatch(/^$| 4\d\d /);
    for (const header of ['X-Auth-Token', 'Authorization', 'X-Sdk-Date', 'Content-Type', 'X-Project-Id']) {
      expect(
        await get(`/v2/${fixture.victim.projectId}/face-sets`, `${header}: ${'a,;= '.repeat(2500)}`),
      ).toMatch(/ 4\d\d /);
    }
  });

  it.each([
    [
      'two lengths',
      'POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x',
    ],
    [
      'a length and chunks',
      'POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a negative length', 'POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n'],
    [
      'an endless length',
      `POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\n`,
    ],
    [
      'a broken chunk',
      'POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['a folded header', 'GET /health HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n'],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['an unknown method', 'HACK /health HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a tunnel', 'CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['HTTP/9', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n'],
    ['HTTP/2 by surprise', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    ['zero bytes', Buffer.alloc(100_000)],
  ])('%s: refused, and the connection is closed', async (_, bytes) => {
    expect(await talk(bytes, (socket) => setTimeout(() => socket.end(), 2000))).toMatch(
      /^$|^HTTP\/1\.1 4\d\d /,
    );
    expect((await fetch(`${service.endpoint}/health`)).status).toBe(200);
  });

  it('path tricks lead nowhere', async () => {
    const { projectId } = fixture.victim;
    for (const target of [
      `/v2/x/../${projectId}/face-sets`,
      `/v2/%2e%2e/v2/${projectId}/face-sets`,
      `//v2/${projectId}/face-sets`,
      `/v2//${projectId}/face-sets`,
      `/v2/${projectId}/face-sets/..%2f..%2fface-sets`,
      `/v2/${projectId}/face-sets/%00`,
      `/v2/${projectId}/face-sets/%`,
      `/v2/${projectId}/face-sets/%ff%fe`,
      `/v2/${projectId}/face-sets;/people`,
      `/v2/${projectId}/face-sets/people/faces/../../x`,
      `/V2/${projectId}/FACE-SETS`,
      `/docs/../../../../etc/passwd`,
      `/docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd`,
      `http://127.0.0.1:${fixture.canary.port}/`,
      `http://x:y@127.0.0.1:${fixture.canary.port}/v2/${projectId}/face-sets`,
      '*',
      '?',
      '/?/../..',
      '/\\..\\..',
      '/.git/config',
      '/.env',
      '/package.json',
    ]) {
      expect([target, await get(target)]).toEqual([target, expect.stringMatching(/ 4\d\d /)]);
    }
    expect(fixture.canary.visits()).toBe(0);
  });

  it('senders that are slow or leave take nothing from others', async () => {
    const { hostname, port } = new URL(service.endpoint);
    const open = (text: string) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.write(text);
      return socket;
    };
    const head = `POST /v2/${fixture.attacker.projectId}/face-detect HTTP/1.1\r\nHost: a\r\n`;
    const slow = [
      // Headers that never end, and large bodies of which only the first bytes come.
      ...Array.from({ length: 100 }, () => open(`${head}X-A: `)),
      ...Array.from({ length: 100 }, () => open(`${head}Content-Length: 12000000\r\n\r\n{"image_base64":"`)),
      ...Array.from({ length: 20 }, () => open(`${head}Transfer-Encoding: chunked\r\n\r\nfffff\r\n{`)),
    ];
    const large = JSON.stringify({ face_set_name: 'a b', padding: 'a'.repeat(8_000_000) });
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => call('face-set-create', { account: fixture.attacker, raw: large })),
    );
    for (const { body } of answers) expect(body).toMatchObject({ error_code: 'FRS.0012' });
    await done('face-set-list', { account: fixture.attacker });
    for (const socket of slow) socket.destroy();
    await done('face-set-list', { account: fixture.attacker });
  });

  it('a token is not guessed from how an error is worded', async () => {
    const token = await tokenOf(fixture.victim);
    const codes = new Set<string>();
    for (const one of ['x', 'e30.e30.e30', `${token.slice(0, -3)}AAA`, 'Bearer x', '"', '%00']) {
      const { body } = await fetchReply(`/v2/${fixture.victim.projectId}/face-sets`, {
        headers: { 'X-Auth-Token': one },
      });
      codes.add(JSON.stringify(body));
    }
    expect(codes.size).toBe(1);
  });
});
