import fc from 'fast-check';
import { converse, expectContract } from '../support/conversation.ts';
import { fixture } from '../support/fixture.ts';
import type { Kind } from '../support/fuzz.ts';
import { requestBytes } from '../support/http-text.ts';
import { headerBytes, visible } from './odd.ts';

const host = fc.oneof(
  fc.constantFrom(
    'xn--',
    'xn--a',
    'xn--99999',
    '256.256.256.256',
    '1.2.3',
    '0x7f.1',
    '[::1]',
    '[::',
    '[::1%25eth0]',
    '[v1.a]',
    'a:',
    'a:0',
    'a:65536',
    'a:99999999999',
    ':80',
    '',
    ' ',
    '.',
    '..',
    'a..b',
    '-',
    '_',
    'a b',
    'a@b',
    'a@b:80',
    'a/b',
    'a?b',
    'a#b',
    'a\\b',
    'a%00b',
    'a%2fb',
    '%',
    'a,b',
    'ａ',
    'é',
    'ß',
    '\u00ad',
    'faß.de',
    '127.0.0.1',
    'LOCALHOST',
    `${'a'.repeat(64)}.b`,
    'a.'.repeat(127),
    'a'.repeat(300),
    '1.2.3.4.5',
    '4294967296',
    '0',
    'http://a',
    '//a',
    '<a>',
    '"a"',
    '{a}',
    'a|b',
    'a^b',
    'a`b',
  ),
  headerBytes,
  visible,
);
const name = fc.constantFrom(
  'X-Auth-Token',
  'Authorization',
  'X-Sdk-Date',
  'X-Sdk-Content-Sha256',
  'X-Project-Id',
  'X-Domain-Id',
  'X-Forwarded-Host',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'Forwarded',
  'Content-Type',
  'Content-Encoding',
  'Content-Language',
  'Accept',
  'Accept-Encoding',
  'Origin',
  'Referer',
  'Cookie',
  'User-Agent',
  'Range',
  'If-None-Match',
  'If-Modified-Since',
  'Via',
  'X-HTTP-Method-Override',
  'X-Request-Id',
  'Date',
  'Expect',
  'Access-Control-Request-Method',
);
const value = fc.oneof(
  host,
  headerBytes,
  fc.constantFrom(
    'a,;= '.repeat(1000),
    'e30.e30.',
    'Basic Og==',
    'Bearer x',
    'gzip',
    'multipart/form-data; boundary=',
    '*/*;q=9',
    '2026-13-45',
    'UNSIGNED-PAYLOAD',
  ),
);

type Case = readonly [string, readonly (readonly [string, string])[], string];

/** Every header that anything reads, with values that nothing can be made of, on the operations that anyone may call. */
export const hosts: Kind<Case> = {
  name: 'hosts and headers',
  share: 1 / 8,
  width: 16,
  arbitrary: fc.tuple(
    fc.oneof({ weight: 2, arbitrary: fc.constant('127.0.0.1') }, { weight: 3, arbitrary: host }),
    fc.array(fc.tuple(name, value), { maxLength: 4 }),
    fc.constantFrom(
      'GET /v3/projects',
      'GET /v3/auth/projects',
      'POST /v3/auth/tokens',
      'GET sets',
      'POST sets',
      'POST detect',
      'OPTIONS sets',
      'GET /openapi.json',
      'GET /nowhere',
    ),
  ),
  async attempt([at, headers, what]) {
    const sets = `/v2/${fixture.victim.projectId}/face-sets`;
    const [method = '', place = ''] = what.split(' ');
    const target =
      place === 'sets' ? sets : place === 'detect' ? sets.replace('face-sets', 'face-detect') : place;
    const bytes = requestBytes(
      method,
      target,
      [['Host', at], ...headers],
      Buffer.from(method === 'POST' ? '{"auth":{}}' : ''),
    );
    expectContract(await converse(bytes), fixture.secrets);
  },
};
