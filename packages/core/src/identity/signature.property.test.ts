import { createHash } from 'node:crypto';
import { FrsError } from '@openfrs/contract';
import { memoryAccounts } from '@openfrs/testing/memory-accounts';
import { quickDerivation } from '@openfrs/testing/passwords';
import { amount } from '@openfrs/testing/sample';
import { clients, type Signed } from '@openfrs/testing/signers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuthRequest, authenticate, createAccount, newSecretKey, secretKeys } from './index.ts';

/*
 * A signed request that was changed on its way is refused, unless it still means the same. Two exceptions, as official clients
 * disagree about escapes. Another path may pass that holds a text nothing in the API can be called (with a `%`, say); the service
 * answers it with an error. A signature of a text that reads like escaped letters beyond ASCII (`%C3%A9`) may open these letters.
 */

const endpoint = 'http://frs.example.com:8080';
const now = new Date('2026-05-04T03:02:01Z');
const accounts = memoryAccounts();
const secrets = secretKeys(newSecretKey());
const owner = await createAccount(
  { domain: 'acme', user: 'ann', project: 'eu-west-0' },
  { accounts, secrets, derivation: quickDerivation },
);
const deps = { accounts, secrets, publicHosts: [], trustForwardedHost: false };

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function isAccepted({ method, path, query, headers, body }: Sent): Promise<boolean> {
  const request: AuthRequest = {
    method,
    rawPath: path,
    rawQuery: query,
    headers: { get: (name) => headers.get(name) ?? null },
    bodySha256: async () => sha256(body),
    now,
  };
  try {
    await authenticate(request, deps);
    return true;
  } catch (error) {
    if (error instanceof FrsError && ['APIG.0301', 'APIG.0307'].includes(error.code)) return false;
    throw error;
  }
}

function sentBy({ method, url, headers, body }: Signed): Sent {
  const target = url.slice(endpoint.length);
  const cut = target.indexOf('?');
  return {
    method,
    path: cut < 0 ? target : target.slice(0, cut),
    query: cut < 0 ? '' : target.slice(cut + 1),
    headers: new Map(
      Object.entries({ host: new URL(endpoint).host, ...headers }).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    ),
    body: String(body ?? ''),
  };
}

/** Escapes to characters; what can't be decoded stays as it is. */
function decoded(text: string): string {
  return Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}

const segmentsOf = ({ path }: Sent) => path.replace(/\/$/, '').split('/').map(decoded);
const pairsOf = ({ query }: Sent) => [...new URLSearchParams(query)].map(([key, value]) => `${key}=${value}`);

/** What the service does: the resource, the parameters (one given twice is refused, so order means nothing), the body. */
function meaning(sent: Sent): string {
  const names = /SignedHeaders=([^,]*)/.exec(sent.headers.get('authorization') ?? '')?.[1]?.split(';') ?? [];
  const isUnsigned = sent.headers.get('x-sdk-content-sha256') === 'UNSIGNED-PAYLOAD';
  return JSON.stringify([
    sent.method,
    segmentsOf(sent),
    pairsOf(sent).sort(),
    names.map((name) => sent.headers.get(name)),
    isUnsigned && names.includes('x-sdk-content-sha256') ? '' : sent.body,
  ]);
}

/** Whether everything in the path is a text that something can be called. */
function isPossible(sent: Sent): boolean {
  return segmentsOf(sent).every((text) => /^[\p{L}\p{M}\p{N}._~-]*$/u.test(text));
}

const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/),
  fc.constantFrom('张三', 'É', 'people', '~a.b', 'e0f1'),
);
/** Of a field that faces are deleted by: any text. */
const value = fc.oneof(
  name,
  fc.constantFrom(
    '+',
    '%2B',
    '%252B',
    '%',
    '%20',
    ' ',
    'a+b',
    'a b',
    'a%2Bb',
    'a%25',
    '&',
    '=',
    'a&b=c',
    '%00',
  ),
);
const special = fc.constantFrom(
  ...[
    '/',
    '%2F',
    '%2f',
    '//',
    '/.',
    '/..',
    '/%2e%2e',
    '%252F',
    '%25',
    '%',
    '+',
    '%2B',
    '%20',
    ' ',
    '&',
    '%26',
  ],
  ...[
    '=',
    '%3D',
    ';',
    '%3B',
    '%00',
    '?',
    '#',
    '%C3%A9',
    'é',
    '%E9',
    'a',
    '%61',
    '%2561',
    '&a=1',
    '&external_image_id=x',
  ],
);
interface Change {
  readonly part: 'path' | 'query';
  readonly at: number;
  readonly how: 'insert' | 'replace' | 'delete' | 'escape' | 'escape twice' | 'unescape' | 'swap';
  readonly text: string;
}
const change: fc.Arbitrary<Change> = fc.record({
  part: fc.constantFrom('path' as const, 'query' as const),
  at: fc.nat(200),
  how: fc.constantFrom(
    ...(['insert', 'replace', 'delete', 'escape', 'escape twice', 'unescape', 'swap'] as const),
  ),
  text: special,
});

function changed(sent: Sent, { part, at, how, text }: Change): Sent {
  const old = sent[part];
  const index = old.length === 0 ? 0 : at % old.length;
  const [before, letter, after] = [old.slice(0, index), old.slice(index, index + 1), old.slice(index + 1)];
  const escaped = [...Buffer.from(letter)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
  const ways: Record<Change['how'], () => string> = {
    insert: () => before + text + letter + after,
    replace: () => before + text + after,
    delete: () => before + after,
    escape: () => before + escaped + after,
    'escape twice': () => before + escaped.replaceAll('%', '%25') + after,
    unescape: () => decoded(old),
    swap: () =>
      old
        .split(part === 'path' ? '/' : '&')
        .reverse()
        .join(part === 'path' ? '/' : '&'),
  };
  return { ...sent, [part]: ways[how]() };
}

describe.each(clients)('a request signed by the %s client', (_, sign) => {
  const signed = fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      segments: fc.array(name, { maxLength: 3 }),
      query: fc.dictionary(name, value, { maxKeys: 4 }),
      body: fc.constantFrom(undefined, '{"a":1}'),
      project: fc.boolean(),
    })
    .map(({ method, segments, query, body, project }) => {
      const headers = {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(project ? { 'X-Project-Id': 'p' } : {}),
      };
      const path = `/v2/p/face-sets${segments.map((each) => `/${encodeURIComponent(each)}`).join('')}`;
      const request = { method, endpoint, path, query, headers, ...(body === undefined ? {} : { body }) };
      return sentBy(sign(request, owner, now));
    });

  it('opens nothing else, however its path and query are changed', async () => {
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(signed, fc.array(change, { minLength: 1, maxLength: 3 }), async (sent, changes) => {
        expect(await isAccepted(sent)).toBe(true);
        const other = changes.reduce(changed, sent);
        if (!(await isAccepted(other))) return;
        passed += 1;
        if (isPossible(other)) expect(meaning(other)).toBe(meaning(sent));
      }),
      { numRuns: amount(150, 1500) },
    );
    // Some changes change nothing: else nothing was tested.
    expect(passed).toBeGreaterThan(0);
  });

  it('opens nothing with another method, body, signed header, date or list of headers', async () => {
    const others: ((sent: Sent, text: string) => Sent)[] = [
      (sent, text) => ({ ...sent, method: text }),
      (sent, text) => ({ ...sent, body: text }),
      (sent, text) => ({
        ...sent,
        body: text,
        headers: withHeader(sent, 'x-sdk-content-sha256', 'UNSIGNED-PAYLOAD'),
      }),
      (sent, text) => ({
        ...sent,
        body: text,
        headers: withHeader(sent, 'x-sdk-content-sha256', sha256(text)),
      }),
      (sent, text) => ({ ...sent, headers: withHeader(sent, 'x-sdk-date', text) }),
      (sent, text) => ({ ...sent, headers: withHeader(sent, 'x-project-id', text) }),
      (sent, text) => {
        const list = (sent.headers.get('authorization') ?? '').replace('x-sdk-date', `x-sdk-date;${text}`);
        return { ...sent, headers: withHeader(sent, 'authorization', list) };
      },
    ];
    await fc.assert(
      fc.asyncProperty(
        signed,
        fc.constantFrom(...others),
        fc.oneof(fc.constantFrom('GET', 'HEAD', '', 'x', '20260504T030202Z'), fc.string()),
        async (sent, change, text) => {
          const other = change(sent, text);
          // An X-Project-Id that nobody signed counts for nothing.
          if (await isAccepted(other)) expect(meaning(other)).toBe(meaning(sent));
        },
      ),
      { numRuns: amount(100, 1000) },
    );
  });
});

const withHeader = ({ headers }: Sent, name: string, value: string) => new Map(headers).set(name, value);

it('an X-Project-Id counts only where it was signed', async () => {
  for (const [, sign] of clients) {
    const request = { method: 'GET', endpoint, path: '/v2/p/face-sets' };
    const named = sentBy(sign({ ...request, headers: { 'X-Project-Id': 'p' } }, owner, now));
    const added = sentBy(sign(request, owner, now));
    const callers = await Promise.all(
      [named, { ...added, headers: withHeader(added, 'x-project-id', 'other') }].map(
        async ({ method, path, query, headers, body }) =>
          await authenticate(
            {
              method,
              rawPath: path,
              rawQuery: query,
              headers: { get: (header) => headers.get(header) ?? null },
              bodySha256: async () => sha256(body),
              now,
            },
            deps,
          ),
      ),
    );
    expect(callers.map(({ projectId }) => projectId)).toEqual(['p', undefined]);
  }
});
