import { createHash, createHmac } from 'node:crypto';
import { FrsError } from '@openfrs/contract';
import { memoryAccounts } from '@openfrs/testing/memory-accounts';
import { quickDerivation } from '@openfrs/testing/passwords';
import {
  clients,
  clientsThatSignHost,
  javaClient,
  nodeClient,
  oldPythonClient,
  pythonClient,
  type Signed,
  type Unsigned,
} from '@openfrs/testing/signers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AuthRequest,
  authenticate,
  createAccount,
  type IdentityDeps,
  newSecretKey,
  secretKeys,
} from './index.ts';

const endpoint = 'http://frs.example.com:8080';
const now = new Date('2026-05-04T03:02:01Z');

const accounts = memoryAccounts();
const secrets = secretKeys(newSecretKey());
const deps: IdentityDeps = { accounts, secrets, publicHosts: [], trustForwardedHost: false };
const owner = await createAccount(
  { domain: 'acme', user: 'ann', project: 'eu-west-0' },
  { accounts, secrets, derivation: quickDerivation },
);

/** A signed request as it arrives: what was changed on the way, and when. */
function arriving(
  signed: Signed,
  change: Partial<AuthRequest> & { set?: Record<string, string | null> } = {},
): AuthRequest {
  const cut = signed.url.indexOf('?');
  const target = signed.url.slice(endpoint.length);
  const { set = {}, ...rest } = change;
  const headers = new Headers(signed.headers);
  for (const [name, value] of Object.entries(set))
    value === null ? headers.delete(name) : headers.set(name, value);
  return {
    method: signed.method,
    rawPath: cut < 0 ? target : target.slice(0, target.indexOf('?')),
    rawQuery: cut < 0 ? '' : signed.url.slice(cut + 1),
    headers,
    bodySha256: async () =>
      createHash('sha256')
        .update(signed.body ?? '')
        .digest('hex'),
    now,
    ...rest,
  };
}

async function codeOf(request: AuthRequest, settings: Partial<IdentityDeps> = {}): Promise<string> {
  try {
    await authenticate(request, { ...deps, ...settings });
    return 'ok';
  } catch (error) {
    if (error instanceof FrsError) return error.code;
    throw error;
  }
}

const json = { 'content-type': 'application/json' };
const post: Unsigned = {
  method: 'POST',
  endpoint,
  path: '/v2/p/face-detect',
  headers: json,
  body: '{"a":"é中"}',
};

describe.each(clients)('a request signed by the %s client', (_, sign) => {
  const accepted: [string, Unsigned][] = [
    ['JSON', post],
    ['no body and no query', { method: 'GET', endpoint, path: '/v2/p/face-sets' }],
    ['a doubled slash in the path', { method: 'GET', endpoint, path: '/v2//face-sets' }],
    ['a path that ends in a slash', { method: 'GET', endpoint, path: '/v2/p/face-sets/' }],
    ['an escaped path', { method: 'GET', endpoint, path: '/v2/p/face-sets/%E4%BA%BA%20a~b%2Bc' }],
    [
      'a query out of order',
      { method: 'GET', endpoint, path: '/v2/p', query: { offset: '1', limit: '2', a: '' } },
    ],
    [
      'odd letters in the query',
      { method: 'DELETE', endpoint, path: '/v2/p', query: { 'k y+&=': "~!*'() %2F中😀/", ẞ: '' } },
    ],
    [
      'keys and values that sort differently when encoded',
      {
        method: 'GET',
        endpoint,
        path: '/v2/p',
        query: { 'a!': '1', 'a-': '2', a: ['~', '-', 'é', 'Z', 'z', '%'], 'a.': '', A: '0' },
      },
    ],
    ['a project id header', { ...post, headers: { ...json, 'X-Project-Id': 'p' } }],
    [
      'a header with a comma, inner spaces and other letters',
      { ...post, headers: { ...json, 'X-Remark': 'a,  b   cäö' } },
    ],
  ];
  it.each(accepted)('is accepted: %s', async (_what, request) => {
    expect(await authenticate(arriving(sign(request, owner, now)), deps)).toMatchObject({
      kind: 'signature',
      userId: owner.userId,
      domainId: owner.domainId,
    });
  });

  it('is refused when more than 15 minutes old or ahead', async () => {
    const signed = sign(post, owner, now);
    const at = (seconds: number) =>
      codeOf(arriving(signed, { now: new Date(now.getTime() + seconds * 1000) }));
    expect(await Promise.all([at(900), at(-900), at(901), at(-901)])).toEqual([
      'ok',
      'ok',
      'APIG.0301',
      'APIG.0301',
    ]);
  });

  it('is refused when any character of a signed part is another', async () => {
    const signed = sign({ ...post, query: { a: '1', b: '2' } }, owner, now);
    const parts: [
      string,
      string,
      (text: string) => Partial<AuthRequest> & { set?: Record<string, string> },
    ][] = [
      ['Authorization', signed.headers.Authorization ?? '', (text) => ({ set: { authorization: text } })],
      ['X-Sdk-Date', signed.headers['X-Sdk-Date'] ?? '', (text) => ({ set: { 'x-sdk-date': text } })],
      ['path', '/v2/p/face-detect', (rawPath) => ({ rawPath })],
      ['query', 'a=1&b=2', (rawQuery) => ({ rawQuery })],
      ['method', 'POST', (method) => ({ method })],
      [
        'body',
        createHash('sha256')
          .update(post.body ?? '')
          .digest('hex'),
        (hash) => ({ bodySha256: async () => hash }),
      ],
    ];
    for (const [part, text, change] of parts) {
      for (let index = 0; index < text.length; index += 1) {
        for (const other of [text[index] === 'x' ? 'y' : 'x', swapCase(text[index] ?? '')]) {
          const altered = text.slice(0, index) + other + text.slice(index + 1);
          if (altered === text) continue;
          expect([part, altered, await codeOf(arriving(signed, change(altered)))]).toEqual([
            part,
            altered,
            'APIG.0301',
          ]);
        }
      }
    }
  });

  it('is refused without a header of its list', async () => {
    const signed = sign({ ...post, headers: { ...json, 'X-Remark': 'a' } }, owner, now);
    expect(await codeOf(arriving(signed, { set: { 'x-remark': null } }))).toBe('APIG.0301');
  });

  it('is refused with an unknown AK, a wrong SK, and a disabled key alike', async () => {
    const { ak } = owner;
    const key = await accounts.accessKey(ak);
    if (key === undefined) throw new Error('no key');
    const wrong = [
      await codeOf(arriving(sign(post, { ...owner, ak: 'NOBODY' }, now))),
      await codeOf(arriving(sign(post, { ...owner, sk: 'guess' }, now))),
    ];
    await accounts.putAccessKey({ ...key, enabled: false }, 'existing');
    wrong.push(await codeOf(arriving(sign(post, owner, now))));
    await accounts.putAccessKey(key, 'existing');
    expect(wrong).toEqual(['APIG.0301', 'APIG.0301', 'APIG.0301']);
  });
});

describe.each(clientsThatSignHost)('the Host that the %s client signed', (_, sign) => {
  it('is the one received, or a known one', async () => {
    const request = arriving(sign(post, owner, now), { set: { host: 'abc.lambda-url.example' } });
    expect(await codeOf(request)).toBe('APIG.0301');
    expect(await codeOf(request, { publicHosts: ['other.example', 'frs.example.com:8080'] })).toBe('ok');
  });

  it('may be the X-Forwarded-Host of a trusted proxy only', async () => {
    const set = { host: 'inner:9000', 'x-forwarded-host': 'frs.example.com:8080, inner' };
    const request = arriving(sign(post, owner, now), { set });
    expect(await codeOf(request)).toBe('APIG.0301');
    expect(await codeOf(request, { trustForwardedHost: true })).toBe('ok');
  });
});

describe('the payload', () => {
  const form = { 'content-type': 'multipart/form-data; boundary=x' };
  const multipart: Unsigned = { ...post, headers: form, body: Buffer.from('--x--') };

  it('may be unsigned only where a signed header says so', async () => {
    const header = { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' };
    for (const sign of [oldPythonClient, javaClient]) {
      const signed = sign({ ...multipart, headers: { ...form, ...header } }, owner, now);
      expect(await codeOf(arriving(signed, { bodySha256: async () => 'any' }))).toBe('ok');
      const plain = sign(multipart, owner, now);
      expect(await codeOf(arriving(plain))).toBe('ok');
      const set = { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' };
      expect(await codeOf(arriving(plain, { set, bodySha256: async () => 'any' }))).toBe('APIG.0301');
    }
    expect(await codeOf(arriving(nodeClient(multipart, owner, now), { bodySha256: async () => 'any' }))).toBe(
      'ok',
    );
  });

  it('has to have the hash that its header claims', async () => {
    const header = { 'X-Sdk-Content-Sha256': createHash('sha256').update('other').digest('hex') };
    const signed = pythonClient({ ...post, headers: { ...json, ...header } }, owner, now);
    expect(await codeOf(arriving(signed))).toBe('APIG.0301');
  });

  it('of the Python client is that of nothing where it has no body, whatever its header says', async () => {
    const request = { method: 'DELETE', endpoint, path: '/v2/p', headers: { 'Content-Type': 'text/plain' } };
    const signed = pythonClient(request, owner, now);
    expect(signed.headers['X-Sdk-Content-Sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(await codeOf(arriving(signed))).toBe('ok');
  });

  it('of a request without a body is not any body, whatever unsigned header is added', async () => {
    const other = createHash('sha256').update('{"face_set_name":"mine"}').digest('hex');
    for (const [, sign] of clients) {
      for (const method of ['GET', 'DELETE', 'POST']) {
        const signed = sign({ method, endpoint, path: '/v2/p/face-sets' }, owner, now);
        for (const claimed of ['UNSIGNED-PAYLOAD', 'unsigned-payload', other]) {
          const set = { 'x-sdk-content-sha256': claimed };
          expect(await codeOf(arriving(signed, { set, bodySha256: async () => other }))).toBe('APIG.0301');
        }
      }
    }
    const python = { method: 'DELETE', endpoint, path: '/v2/p', headers: { 'Content-Type': 'text/plain' } };
    const signed = pythonClient(python, owner, now);
    expect(await codeOf(arriving(signed, { bodySha256: async () => other }))).toBe('APIG.0301');
  });

  it('of a GET may be {}, also where a gateway dropped it', async () => {
    const signed = nodeClient(
      { method: 'GET', endpoint, path: '/v3/projects', headers: json, body: '{}' },
      owner,
      now,
    );
    expect(await codeOf(arriving(signed))).toBe('ok');
    const empty = createHash('sha256').digest('hex');
    expect(await codeOf(arriving(signed, { bodySha256: async () => empty }))).toBe('ok');
  });
});

describe.each(clients)('any query and path of the %s client', (_, sign) => {
  const text = fc.string({ unit: 'binary', maxLength: 6 });
  const values = fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 }));
  const segment = fc.string({ unit: 'binary', maxLength: 5 }).map(encodeURIComponent);
  it('is accepted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(text, values, { maxKeys: 5 }),
        fc.array(segment),
        async (query, segments) => {
          const path = `/v2/p/${segments.filter((each) => !/^\.{1,2}$/.test(each)).join('/')}x`;
          const signed = sign({ method: 'GET', endpoint, path, query }, owner, now);
          expect(await codeOf(arriving(signed))).toBe('ok');
        },
      ),
      { numRuns: 300, examples: [[{ '': ['\0', ''], '{': '', '-': '' }, []]] },
    );
  });
});

describe.each(clients)('a text with escapes that the %s client signed', (_, sign) => {
  const texts = ['a+b', 'a b', 'a%2Bb', 'a%252Bb', 'a%20b', 'a%2520b'];
  const request = { method: 'DELETE', endpoint, path: '/v2/p' };
  /** As clients send it: a space is `%20`, or `+` (Node, Go). */
  const spellings = (text: string) =>
    [encodeURIComponent(text), encodeURIComponent(text).replaceAll('%20', '+')].map((sent) => `note=${sent}`);

  it('is that text in the query, and no other', async () => {
    for (const signed of texts) {
      const arrived = sign({ ...request, query: { note: signed } }, owner, now);
      for (const read of texts) {
        for (const rawQuery of spellings(read)) {
          const expected = read === signed ? 'ok' : 'APIG.0301';
          expect([signed, rawQuery, await codeOf(arriving(arrived, { rawQuery }))]).toEqual([
            signed,
            rawQuery,
            expected,
          ]);
        }
      }
    }
  });

  it('is itself in the path, as it was sent', async () => {
    for (const text of texts.filter((each) => !each.includes(' '))) {
      const signed = sign({ ...request, path: `/v2/p/face-sets/${text}` }, owner, now);
      expect([text, await codeOf(arriving(signed))]).toEqual([text, 'ok']);
    }
  });
});

it('a query that an old Java client signed as it was in the URL is accepted', async () => {
  const request = { method: 'DELETE', endpoint, path: '/v2/p' };
  const signed = javaClient({ ...request, query: { name: '%E5%BC%A0 a'.replace(' ', '%20') } }, owner, now);
  expect(await codeOf(arriving(signed, { rawQuery: 'name=%E5%BC%A0%20a' }))).toBe('ok');
});

it.each([
  ['nothing', {}],
  ['a Bearer token', { authorization: 'Bearer x' }],
  ['an empty token', { 'x-auth-token': ' ' }],
  [
    'a signature without a date',
    { authorization: `SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=${'0'.repeat(64)}` },
  ],
  [
    'a long list of headers',
    {
      authorization: `SDK-HMAC-SHA256 Access=a, SignedHeaders=${'a;'.repeat(3000)}b, Signature=${'0'.repeat(64)}`,
    },
  ],
  ...[
    'x-sdk-date;x-sdk-date',
    'host;host;x-sdk-date',
    ';;x-sdk-date',
    'x-sdk-date;',
    'a(b;x-sdk-date',
    'Host;x-sdk-date',
    'host;x-sdk-dateé',
    'host',
  ].map((names): [string, Record<string, string>] => [
    `a list of headers ${names}`,
    {
      authorization: `SDK-HMAC-SHA256 Access=${owner.ak}, SignedHeaders=${names}, Signature=${'0'.repeat(64)}`,
      'x-sdk-date': '20260504T030201Z',
    },
  ]),
])('%s is no credential', async (_what, headers) => {
  const request = arriving({ method: 'GET', url: `${endpoint}/v2/p/face-sets`, headers });
  expect(await codeOf(request)).toBe('APIG.0301');
});

it.each(['20260532T030201Z', '20260504T270201Z', '20260504T026201Z', '20260504T030161Z', '20260431T030201Z'])(
  'a date that does not exist is no date: %s',
  async (date) => {
    expect(await codeOf(arriving(withDate(date), { now: new Date(overflowed(date)) }))).toBe('APIG.0301');
  },
);

describe('a request is refused cheaply', () => {
  /** Counts what is asked of a request. */
  function counted(signed: Signed, change: Partial<AuthRequest> = {}) {
    const asked: string[] = [];
    const request = arriving(signed, change);
    const headers = {
      get(name: string) {
        asked.push(name);
        return request.headers.get(name);
      },
    };
    const bodySha256 = async () => {
      asked.push('body');
      return await request.bodySha256();
    };
    return { asked, request: { ...request, headers, bodySha256 } };
  }

  it('where its key is unknown: neither its headers nor its body are looked at', async () => {
    const { asked, request } = counted(nodeClient(post, { ...owner, ak: 'NOBODY' }, now));
    expect(await codeOf(request)).toBe('APIG.0301');
    expect(asked).toEqual(['x-auth-token', 'authorization', 'x-sdk-date']);
  });

  it('where its query has more than 256 pairs: no key is looked up', async () => {
    const looked: string[] = [];
    const watched = {
      ...accounts,
      accessKey: (id: string) => {
        looked.push(id);
        return accounts.accessKey(id);
      },
    };
    const sent = async (pairs: number) => {
      const query = Object.fromEntries(Array.from({ length: pairs }, (_, index) => [`k${index}`, '']));
      const signed = pythonClient({ ...post, query }, owner, now);
      return await codeOf(arriving(signed), { accounts: watched });
    };
    expect(await sent(257)).toBe('APIG.0301');
    expect(looked).toEqual([]);
    expect(await sent(256)).toBe('ok');
  });
});

/** The time that Date.UTC makes of a date: its fields carry over. */
function overflowed(date: string): number {
  const [year = 0, month = 0, day, hour, minute, second] = (date.match(/\d\d/g) ?? [])
    .map(Number)
    .slice(1)
    .map((part, index) => (index === 0 ? 2000 + part : part));
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** A request that is signed well, with that date. */
function withDate(date: string): Signed {
  const names = 'host;x-sdk-date';
  const { host } = new URL(endpoint);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const canonical = `GET\n/v2/p/\n\nhost:${host}\nx-sdk-date:${date}\n\n${names}\n${hash('')}`;
  const hex = createHmac('sha256', owner.sk)
    .update(`SDK-HMAC-SHA256\n${date}\n${hash(canonical)}`)
    .digest('hex');
  const authorization = `SDK-HMAC-SHA256 Access=${owner.ak}, SignedHeaders=${names}, Signature=${hex}`;
  return {
    method: 'GET',
    url: `${endpoint}/v2/p`,
    headers: { host, 'x-sdk-date': date, authorization },
  };
}

it('a date that exists, in the same form, is one', async () => {
  expect(await codeOf(arriving(withDate('20260504T030201Z')))).toBe('ok');
});

function swapCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}
