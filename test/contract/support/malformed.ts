import type { Operation } from '@openfrs/contract';
import fc from 'fast-check';

/** The face set that malformed requests are about. */
export const set = 'fuzzed';

const word = fc.constantFrom(
  '',
  'a',
  set,
  '*',
  '__proto__',
  '\u0000',
  '\ud800',
  '٣',
  '😀',
  '../..',
  '%00',
  '1',
  '-1',
  '1e400',
  'NaN',
  'true',
  'null',
  '[1 TO 2]',
  'id:a',
  '(!id:a)',
  'AAAA',
  '/a/b',
  '/openfrs-media/x',
  'https://a.b/c',
  "'; --",
  '{{7*7}}',
  'a'.repeat(300),
);
const scalar = fc.oneof(
  word,
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.oneof(word, fc.string()), scalar, { maxKeys: 4 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 6 }) },
);
const parameter = fc.constantFrom(
  'image_base64',
  'image_url',
  'image_file',
  'image1_base64',
  'image1_url',
  'image2_base64',
  'image2_file',
  'video_base64',
  'video_url',
  'actions',
  'action_time',
  'nod_threshold',
  'challenge_id',
  'allowed_actions',
  'attributes',
  'face_set_name',
  'face_set_capacity',
  'external_fields',
  'external_image_id',
  'single',
  'face_id',
  'top_n',
  'threshold',
  'sort',
  'filter',
  'return_fields',
  'offset',
  'limit',
  'auth',
  'scope',
  'id',
  'n',
  '{face_set_name}',
  'project_id',
  '__proto__',
);
const parameters = fc.dictionary(parameter, value, { maxKeys: 7 });

/** JSON as it should be, and as it should not. */
const json = parameters.chain((all) => {
  const text = JSON.stringify(all);
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: fc.nat({ max: text.length }).map((end) => text.slice(0, end)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        `${text}${text}`,
        `[${text}]`,
        text.replaceAll(':', ':1e999,"x":'),
        `\ufeff${text}`,
      ),
    },
  );
});
const bytes = fc.oneof(
  json.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all)),
);

const header = fc.constantFrom(
  'Content-Disposition: form-data; name="image_file"; filename="a.jpg"',
  'Content-Disposition: form-data; name="image_base64"',
  'Content-Disposition: form-data; name="external_fields"',
  'Content-Disposition: form-data; name="sort"',
  'Content-Disposition: form-data; name=',
  'Content-Disposition: form-data',
  'Content-Disposition: attachment; filename=x',
  'Content-Type: multipart/mixed; boundary=B',
  'Content-Type: text/plain; charset=none',
  'Content-Transfer-Encoding: base64',
  'no header at all',
  ': ',
);
const part = fc.tuple(
  fc.array(header, { maxLength: 3 }),
  fc.oneof(
    bytes,
    word.map((text) => Buffer.from(text)),
  ),
);
const multipart = fc
  .tuple(
    fc.array(part, { maxLength: 5 }),
    fc.constantFrom('--B--\r\n', '--B--', '--B', '', '--B\r\n'),
    fc.constantFrom('\r\n', '\n'),
  )
  .map(([parts, end, line]) =>
    Buffer.concat([
      ...parts.flatMap(([headers, content]) => [
        Buffer.from(`--B${line}${headers.map((one) => one + line).join('')}${line}`),
        content,
        Buffer.from(line),
      ]),
      Buffer.from(end),
    ]),
  );

const contentType = fc.constantFrom(
  'application/json',
  'application/json; charset=gbk',
  'multipart/form-data; boundary=B',
  'multipart/form-data; boundary="B',
  'multipart/form-data',
  'text/plain',
  '*',
  ';;;',
);
const query = fc.oneof(
  fc.constant(''),
  fc.dictionary(parameter, fc.oneof(word, fc.string()), { maxKeys: 4 }).map((all) =>
    Object.entries(all)
      .map(
        ([key, one]) => `${encodeURIComponent(key.toWellFormed())}=${encodeURIComponent(one.toWellFormed())}`,
      )
      .join('&'),
  ),
  fc.constantFrom(
    '%',
    '%zz=%',
    '&&&',
    '=',
    '?',
    'face_id',
    'face_id=%00',
    'limit=1&limit=2',
    'filter=id:victims-field',
  ),
);
const setName = fc.oneof(
  { weight: 4, arbitrary: fc.constant('fuzzed') },
  fc.constantFrom('victims-own', '%2e%2e', 'a%2fb', '%00', '%', '%ff', 'a'.repeat(2000), '.', '..;', ' '),
);

/** What is odd about one request. */
export interface Oddity {
  readonly at: number;
  readonly name: string;
  readonly query: string;
  readonly type: string;
  readonly body: Buffer;
  readonly credential: string;
  readonly project: string;
}

/** Malformed requests of an operation, most of them nearly right. */
export const malformed = (row: Operation): fc.Arbitrary<Oddity> =>
  fc.record({
    at: fc.nat({ max: row.paths.length - 1 }),
    name: setName,
    query,
    type: contentType,
    body: fc.oneof({ weight: 3, arbitrary: bytes }, { weight: 1, arbitrary: multipart }),
    credential: fc.oneof(
      { weight: 12, arbitrary: fc.constant('token') },
      fc.constantFrom('none', 'garbled', 'signature'),
    ),
    project: fc.oneof({ weight: 12, arbitrary: fc.constant('own') }, fc.constantFrom('other', '%00', '..')),
  });
