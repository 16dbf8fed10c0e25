import fc from 'fast-check';
import { converse, expectContract } from '../support/conversation.ts';
import { fixture } from '../support/fixture.ts';
import type { Kind } from '../support/fuzz.ts';
import { mutated } from '../support/mutate.ts';
import { headerBytes, visible } from './odd.ts';

const method = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'GET',
      'POST',
      'PUT',
      'DELETE',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'TRACE',
      'CONNECT',
      'PRI',
      'PROPFIND',
      'get',
      '',
    ),
  },
  { weight: 1, arbitrary: visible },
);
const target = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '/health',
      '/v3/auth/tokens',
      '/v3/projects',
      '/v3/auth/projects?name=%',
      '/v2/x/face-sets',
      '/v2/x/face-detect',
      '/',
      '/docs',
      '/openapi.json',
      '/v2/%2e%2e/x',
      '//v2',
      '*',
      '?',
      '/%',
      '/%ff%fe',
      '/\\..',
      '127.0.0.1:80',
      'http://a/health',
      'https://a:b@c/v3/projects',
      'http://xn--/v3/projects',
      'http://256.256.256.256/v3/projects',
      'http://[::/health',
      'http:///v3/projects',
      '/v3/projects#x',
      '/v3/projects?name=%zz&&=',
      '///',
      '/v2/x/face-sets/%00/faces',
    ),
  },
  { weight: 1, arbitrary: visible.map((text) => `/${text}`) },
  { weight: 1, arbitrary: headerBytes.map((text) => `/v3/projects?name=${text}`) },
);
const version = fc.oneof(
  { weight: 8, arbitrary: fc.constant('HTTP/1.1') },
  fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/1.1 ', 'http/1.1', '', 'FTP/1.1'),
);
const header = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'Connection: keep-alive',
      'Connection: close',
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'Upgrade: websocket',
      'Expect: 100-continue',
      'Expect: everything',
      'TE: trailers',
      'Trailer: X-A',
      'Host: b',
      'Content-Type: application/json',
      'Keep-Alive: timeout=99999999',
      'X-Auth-Token:',
      'Cookie: a=b; =; ;',
      'Range: bytes=0-',
      'If-Match: *',
      ' folded',
      'no colon',
      ': no name',
      'X Y: z',
    ),
  },
  { weight: 1, arbitrary: headerBytes.map((value) => `X-A: ${value}`) },
  { weight: 1, arbitrary: headerBytes },
);
/** How the body is announced, and the body. */
const framing = fc.oneof(
  { weight: 3, arbitrary: fc.constant([[], '']) },
  { weight: 2, arbitrary: fc.constant([['Content-Length: 2'], '{}']) },
  { weight: 2, arbitrary: fc.constant([['Transfer-Encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n']) },
  fc.constantFrom(
    [['Content-Length: 0', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    [['Content-Length: 2', 'Content-Length: 3'], '{}x'],
    [['Content-Length: +2'], '{}'],
    [['Content-Length: 2, 2'], '{}'],
    [['Content-Length: 99'], '{}'],
    [['Content-Length: 99999999999999999999'], ''],
    [['Transfer-Encoding: chunked, chunked'], '0\r\n\r\n'],
    [['Transfer-Encoding: gzip, chunked'], '2\r\n{}\r\n0\r\n\r\n'],
    [['Transfer-Encoding: identity'], '{}'],
    [['Transfer-Encoding : chunked'], '0\r\n\r\n'],
    [['Transfer-Encoding: chunked'], '2;a=b\r\n{}\r\n0\r\nX-A: b\r\n\r\n'],
    [['Transfer-Encoding: chunked'], 'ffffffffffffffff1\r\n{}'],
    [['Transfer-Encoding: chunked'], '-1\r\n{}\r\n'],
    [['Transfer-Encoding: chunked'], '2\n{}\n0\n\n'],
    [['Transfer-Encoding: chunked'], '2\r\n{}0\r\n\r\n'],
    [['Transfer-Encoding: chunked'], `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
  ),
);
const request = fc
  .tuple(
    method,
    target,
    version,
    fc.array(header, { maxLength: 5 }),
    fc.oneof({ weight: 6, arbitrary: fc.constant('Host: a') }, fc.constantFrom('', 'Host:', 'Host: a, b')),
    framing,
    fc.oneof({ weight: 8, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r', '\r\n ')),
  )
  .map(([verb, place, protocol, headers, host, [announced, body], line]) =>
    Buffer.from(
      [`${verb} ${place} ${protocol}`, ...(host ? [host] : []), ...headers, ...announced, '', ''].join(line) +
        body,
      'latin1',
    ),
  );

/** Request lines, headers and framing, some behind each other on one connection, some with their bytes changed. */
export const requestLines: Kind<Buffer> = {
  name: 'request lines and framing',
  share: 1 / 8,
  width: 16,
  arbitrary: fc
    .tuple(
      fc.array(request, { minLength: 1, maxLength: 3 }),
      fc.option(fc.nat({ max: 2 ** 30 }), { freq: 4 }),
    )
    .map(([all, change]) => {
      const bytes = Buffer.concat(all);
      return change === null ? bytes : mutated(bytes, change);
    }),
  attempt: async (bytes) => expectContract(await converse(bytes, { quietMs: 700 }), fixture.secrets),
};
