import fc from 'fast-check';
import { unnamed } from '../../bench/load/hostile/multipart.ts';
import { tokenOf } from '../../contract/support/client.ts';
import { photo } from '../../support/photos.ts';
import { converse, expectContract } from '../support/conversation.ts';
import { fixture, set } from '../support/fixture.ts';
import type { Kind } from '../support/fuzz.ts';
import { requestBytes } from '../support/http-text.ts';
import { headerBytes, oddText } from './odd.ts';

const field = fc.constantFrom(
  'image_file',
  'image1_file',
  'image2_file',
  'video_file',
  'image_base64',
  'image_url',
  'actions',
  'face_id',
  'filter',
  'sort',
  'return_fields',
  'external_fields',
  'single',
  'threshold',
  'top_n',
  '',
  '__proto__',
);
const headers = fc.oneof(
  { weight: 4, arbitrary: field.map((name) => [`Content-Disposition: form-data; name="${name}"`]) },
  {
    weight: 2,
    arbitrary: field.map((name) => [
      `Content-Disposition: form-data; name="${name}"; filename="a"`,
      'Content-Type: image/jpeg',
    ]),
  },
  { weight: 3, arbitrary: fc.constantFrom(...unnamed) },
  fc.constantFrom(
    ["Content-Disposition: form-data; name*=UTF-8''image_file; filename*=UTF-8''%ff"],
    ['content-disposition: FORM-DATA; NAME=image_file'],
    ['Content-Disposition: form-data;', ' name="image_file"'],
    ['Content-Disposition: form-data; name="image_file"', 'Content-Transfer-Encoding: base64'],
    ['Content-Disposition: form-data; name="image_file"', 'Content-Disposition: form-data; name="image_url"'],
    ['Content-Disposition: form-data; name="image_file"', 'Content-Type: multipart/mixed; boundary=C'],
    ['Content-Disposition: form-data; name="image_file"', 'Content-Type: text/plain; charset=none'],
    ['Content-Disposition: form-data; name="a\\"b"'],
  ),
  headerBytes.map((line) => [`Content-Disposition: form-data; name="${line}"`]),
  headerBytes.map((line) => [line]),
);
const content = fc.oneof(
  oddText.map((text) => Buffer.from(text)),
  fc.constantFrom(0, 1, 1023, 19_999, 20_001, 65_536, 300_000).map((size) => Buffer.alloc(size, 0x41)),
  fc.constantFrom(20_001, 100_000).map((size) => Buffer.alloc(size, '\r\n')),
  fc.constantFrom(20_001, 100_000).map((size) => Buffer.alloc(size, '\r\n--')),
  fc.constant(photo(4).subarray(0, 5000)),
  fc
    .constantFrom('--B', '\r\n--B', '\r\n--B--', '--B--', '\r\n\r\n', '--C\r\n\r\nx\r\n--C--')
    .map((text) => Buffer.from(text)),
);
const part = fc.tuple(headers, content);

interface Case {
  readonly type: string;
  readonly body: Buffer;
  readonly operation: string;
}

/** Multipart bodies of every operation that takes one, with their structure changed. */
export const multiparts: Kind<Case> = {
  name: 'multipart structure',
  share: 1 / 8,
  width: 8,
  arbitrary: fc.record({
    type: fc.oneof(
      { weight: 6, arbitrary: fc.constant('multipart/form-data; boundary=B') },
      fc.constantFrom(
        'multipart/form-data; boundary="B"',
        'multipart/form-data; boundary=',
        'multipart/form-data',
        'multipart/form-data; boundary="B',
        `multipart/form-data; boundary=${'B'.repeat(300)}`,
        'Multipart/Form-Data; Boundary=B; boundary=C',
        'multipart/mixed; boundary=B',
        'multipart/form-data; boundary=B; charset=utf-7',
        'multipart/form-data;;; boundary=B',
      ),
    ),
    body: fc
      .tuple(
        fc.array(part, { maxLength: 5 }),
        fc.oneof(
          { weight: 6, arbitrary: fc.constant('--B--\r\n') },
          fc.constantFrom(
            '--B--',
            '--B',
            '',
            '--B\r\n',
            '--B--\r\nepilogue',
            '--B-- \r\n',
            '--B--\r\n--B--\r\n',
          ),
        ),
        fc.oneof({ weight: 6, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r')),
        fc.constantFrom('', '', '', 'preamble\r\n', '\r\n', '--'),
        fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.constant(70)),
      )
      .map(([parts, end, line, preamble, times]) => {
        const all = Array.from({ length: times }, () => parts).flat();
        const pieces = all.flatMap(([lines, bytes]) => [
          Buffer.from(['--B', ...lines, '', ''].join(line), 'latin1'),
          bytes.subarray(0, 10_000_000 / (all.length + 1)),
          Buffer.from(line),
        ]);
        return Buffer.concat([Buffer.from(preamble), ...pieces, Buffer.from(end)]).subarray(0, 6_000_000);
      }),
    operation: fc.constantFrom(
      'face-detect',
      'face-compare',
      'live-detect',
      'live-detect-face',
      `face-sets/${set}/search`,
      `face-sets/${set}/faces`,
    ),
  }),
  async attempt({ type, body, operation }) {
    const token = await tokenOf(fixture.attacker);
    const version = operation === 'live-detect-face' ? 'v1' : 'v2';
    const target = `/${version}/${fixture.attacker.projectId}/${operation}`;
    const bytes = requestBytes(
      'POST',
      target,
      [
        ['X-Auth-Token', token],
        ['Content-Type', type],
      ],
      body,
    );
    expectContract(await converse(bytes), fixture.secrets);
  },
};
