import { nodeClient, type Signed } from '@openfrs/testing/signers';
import fc from 'fast-check';
import { service } from '../../contract/support/service.ts';
import { converse, expectContract } from '../support/conversation.ts';
import { fixture } from '../support/fixture.ts';
import type { Kind } from '../support/fuzz.ts';
import { type HeaderLines, requestBytes } from '../support/http-text.ts';
import { headerBytes, oddText, source, visible } from './odd.ts';

/** What the attacker has seen of the victim, and what it can sign itself. */
const captured = fc.constantFrom('list', 'create', 'own', 'projects');

function signed(which: string): Signed {
  const account = which === 'own' ? fixture.attacker : fixture.victim;
  return nodeClient(
    {
      method: which === 'create' ? 'POST' : 'GET',
      endpoint: service.endpoint,
      path: which === 'projects' ? '/v3/projects' : `/v2/${account.projectId}/face-sets`,
    },
    account,
  );
}

const headerName = fc.oneof(
  fc.constantFrom(
    'host',
    'x-sdk-date',
    'Host',
    'X-Sdk-Date',
    '',
    ' ',
    'a(b',
    'content-type',
    'x-sdk-content-sha256',
    '__proto__',
    'constructor',
    ':',
    'é',
    'a b',
    'a,b',
    'a=b',
    'x'.repeat(300),
    'set-cookie',
    'transfer-encoding',
  ),
  headerBytes,
);
const list = fc.oneof(
  fc.array(headerName, { maxLength: 6 }).map((names) => names.join(';')),
  fc.constantFrom(
    'host;x-sdk-date;',
    ';host;x-sdk-date',
    'host;;x-sdk-date',
    'x-sdk-date;host',
    'host;host;x-sdk-date',
    ';',
    'host',
    'x-sdk-date',
    'x;'.repeat(120),
  ),
);
const date = fc.oneof(
  fc.constantFrom(
    '',
    '20260230T000000Z',
    '20261399T999999Z',
    '00000000T000000Z',
    '99999999T999999Z',
    '20261128T240000Z',
    '20261128T235960Z',
    '20261128t000000z',
    '2026-11-28T00:00:00Z',
    '-20261128T000000Z',
    '20261128T000000',
    '1',
    '1e9',
    'NaN',
  ),
  headerBytes,
);
const authorization = fc
  .record({
    algorithm: fc.oneof(
      { weight: 5, arbitrary: fc.constant('SDK-HMAC-SHA256') },
      fc.constantFrom('SDK-HMAC-SM3', 'AWS4-HMAC-SHA256', 'Bearer', '', 'sdk-hmac-sha256'),
    ),
    key: fc.oneof(fc.constantFrom('victim', 'attacker'), oddText, headerBytes, visible),
    list,
    hex: fc.oneof(
      fc.constantFrom('0'.repeat(64), 'f'.repeat(63), 'F'.repeat(64), '', 'zz', '0'.repeat(9000)),
      headerBytes,
    ),
    gap: fc.constantFrom(', ', ',', ' ', ';', ',  ', ', , '),
  })
  .map(({ algorithm, key, list: names, hex, gap }) => ({
    key,
    text: (ak: string) => `${algorithm} Access=${ak}${gap}SignedHeaders=${names}${gap}Signature=${hex}`,
  }));

/** A change of a signed request's headers. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('authorization' as const), authorization }),
  fc.record({ kind: fc.constant('list' as const), list }),
  fc.record({ kind: fc.constant('date' as const), date, twice: fc.boolean() }),
  fc.record({
    kind: fc.constant('more' as const),
    header: fc.tuple(
      fc.constantFrom(
        'X-Sdk-Content-Sha256',
        'x-sdk-content-sha256',
        'Host',
        'X-Sdk-Date',
        'Content-Type',
        'X-Forwarded-Host',
        'Authorization',
        'X-Auth-Token',
        'X-Project-Id',
      ),
      fc.oneof(
        fc.constantFrom('UNSIGNED-PAYLOAD', 'unsigned-payload', ' UNSIGNED-PAYLOAD ', '0'.repeat(64), ''),
        headerBytes,
      ),
    ),
  }),
  fc.record({
    kind: fc.constant('query' as const),
    query: fc.oneof(
      fc.constantFrom('a', '&&', '%', '%zz=%', '=', 'a=b&a=c', '+', 'limit=1', 'a&'.repeat(3000)),
      visible.map(encodeURI),
    ),
  }),
  fc.record({
    kind: fc.constant('body' as const),
    body: fc.constantFrom('{"face_set_name":"intruder"}', '{}', ' ', '[]'),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

type Case = readonly [string, readonly Change[], string];

/** Signatures that were seen on the way or made up, with their fields, dates, names and what they cover changed. */
export const signatures: Kind<Case> = {
  name: 'signatures',
  share: 1 / 8,
  width: 16,
  arbitrary: fc.tuple(captured, fc.array(change, { minLength: 1, maxLength: 3 }), source),
  async attempt([which, changes, from]) {
    const { method, url, headers } = signed(which);
    let target = url.slice(service.endpoint.length);
    let lines: HeaderLines = [['Host', new URL(service.endpoint).host], ...Object.entries(headers)];
    let body = Buffer.of();
    const replace = (name: string, value: (old: string) => string) => {
      lines = lines.map(([key, old]) => [key, key.toLowerCase() === name ? latin1(value(old)) : old]);
    };
    for (const one of changes) {
      if (one.kind === 'authorization') {
        const { key, text } = one.authorization;
        const ak = key === 'victim' ? fixture.victim.ak : key === 'attacker' ? fixture.attacker.ak : key;
        replace('authorization', () => text(ak));
      }
      if (one.kind === 'list')
        replace('authorization', (old) =>
          old.replace(/SignedHeaders=[^,]*/, () => `SignedHeaders=${one.list}`),
        );
      if (one.kind === 'date') {
        if (one.twice) lines = [...lines, ['X-Sdk-Date', one.date]];
        else replace('x-sdk-date', () => one.date);
      }
      if (one.kind === 'more') lines = [...lines, one.header];
      if (one.kind === 'query') target += `${target.includes('?') ? '&' : '?'}${one.query}`;
      if (one.kind === 'body') body = Buffer.from(one.body);
    }
    const heard = await converse(
      requestBytes(
        method,
        target,
        lines.filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name)),
        body,
      ),
      { source: from },
    );
    // What was seen may be sent again within 15 minutes, and then shows what it showed.
    expectContract(heard);
  },
};

/** What a header line can hold: no line ends. */
const latin1 = (text: string) =>
  Buffer.from(text.replaceAll(/[\r\n]/g, ''), 'utf8')
    .toString('latin1')
    .slice(0, 12_000);
