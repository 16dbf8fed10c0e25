import fc from 'fast-check';
import { done, tokenOf } from '../../contract/support/client.ts';
import { photo } from '../../support/photos.ts';
import { converse, expectContract } from '../support/conversation.ts';
import { fixture, set } from '../support/fixture.ts';
import type { Kind } from '../support/fuzz.ts';
import { requestBytes } from '../support/http-text.ts';
import { mutatedJson } from './json.ts';
import { oddText, oddValue } from './odd.ts';

const term = fc.oneof(
  fc.constantFrom(
    'n:1',
    'n:[1 TO 9]',
    'n:{* TO 5}',
    'n:[* TO *]',
    'id:a',
    'face_id:AAAAAAAA',
    'external_image_id:x',
    'n:9223372036854775807',
    'n:9223372036854775808',
    'n:-0',
    'n:[9 TO 1]',
    'nothing:1',
    'n',
    ':',
    'n:',
  ),
  oddText.map((text) => `id:${text}`),
);
const filter = fc
  .array(
    fc.tuple(
      term,
      fc.constantFrom(' && ', ' || ', '||', '&&', ' ', ' & ', ''),
      fc.constantFrom('', '(', '(!', ')', '!'),
    ),
    { maxLength: 40 },
  )
  .map((all) =>
    all
      .map(([one, junction, bracket]) => `${bracket}${one}${bracket.startsWith('(') ? ')' : ''}${junction}`)
      .join(''),
  )
  .map((text) => text.replace(/ *[&|]+ *$/, ''));

const order = fc.array(
  fc.dictionary(
    fc.constantFrom('n', 'id', 'similarity', 'nothing', 'face_id'),
    fc.oneof(fc.constantFrom('asc', 'desc', 'ASC'), oddValue),
    { maxKeys: 2 },
  ),
  { maxLength: 5 },
);
const body = fc.record(
  {
    face_id: fc.constantFrom('own', 'AAAAAAAA'),
    filter: fc.oneof({ weight: 3, arbitrary: filter }, oddText),
    sort: order,
    return_fields: fc.array(fc.oneof(fc.constantFrom('n', 'id', 'external_image_id', 'nothing'), oddText), {
      maxLength: 12,
    }),
    top_n: fc.oneof(fc.integer({ min: 1, max: 1000 }), oddValue),
    threshold: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), oddValue),
    external_fields: fc.dictionary(
      fc.constantFrom('n', 'id', 'x'),
      fc.oneof(fc.constant({ type: 'long' }), oddValue),
      { maxKeys: 3 },
    ),
    face_set_name: fc.oneof(fc.constant(set), oddText),
    external_image_id: fc.oneof(fc.constant('own'), oddText),
  },
  { requiredKeys: ['face_id'] },
);

/** Of the attacker's own set. */
let face = '';

type Case = readonly [Buffer, readonly [method: string, place: string]];

/** JSON bodies around searches: filters, orders, fields and everything else that is written in them. */
export const filters: Kind<Case> = {
  name: 'filters and JSON structure',
  share: 1 / 8,
  width: 8,
  arbitrary: fc.tuple(
    mutatedJson(body),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(['POST', `/${set}/search`] as const) },
      fc.constantFrom(
        ['POST', ''] as const,
        ['DELETE', '/other/faces/batch'] as const,
        ['PUT', `/${set}/faces`] as const,
        ['POST', `/${set}/faces`] as const,
      ),
    ),
  ),
  async prepare() {
    await done('face-set-create', { json: { face_set_name: 'other' }, account: fixture.attacker });
    const json = { image_base64: photo(3).toString('base64'), external_fields: { id: 'own', n: 1 } };
    const added = await done<{ faces: { face_id: string }[] }>('face-add', {
      set,
      account: fixture.attacker,
      json,
    });
    face = added.faces[0]?.face_id ?? '';
  },
  async attempt([text, [method, place]]) {
    const { attacker } = fixture;
    const json = Buffer.from(
      text.toString('latin1').replace('"face_id":"own"', `"face_id":"${face}"`),
      'latin1',
    );
    const headers = [
      ['X-Auth-Token', await tokenOf(attacker)],
      ['Content-Type', 'application/json'],
    ] as const;
    const bytes = requestBytes(method, `/v2/${attacker.projectId}/face-sets${place}`, headers, json);
    expectContract(await converse(bytes), fixture.secrets);
  },
};
