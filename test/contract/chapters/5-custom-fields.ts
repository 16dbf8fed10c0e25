import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallPhoto } from '../../support/small-photos.ts';
import { call, done, refused } from '../support/client.ts';
import { withFaceSet } from '../support/face-sets.ts';

describe('5.3 custom fields keep their values exactly', () => {
  it('64-bit integers, doubles and singles, through update, list, filter, sort and deletion', () =>
    withFaceSet({ big: 'long', weight: 'double', score: 'float' }, async (set) => {
      const image_base64 = smallPhoto(1).toString('base64');
      const { faces } = await done<{ faces: { face_id: string }[] }>('face-add', {
        set,
        json: { image_base64, single: true },
      });
      const id = faces[0]?.face_id;
      const put = (fields: string) =>
        done('face-update', { set, raw: `{"face_id":"${id}","external_fields":${fields}}` });
      const listed = async () => (await call('face-list', { set, query: `face_id=${id}` })).text;
      const found = async (filter: string) =>
        (await call('face-search', { set, json: { face_id: id, filter } })).text;

      await put('{"big":9007199254740993,"weight":0.1,"score":0.1}');
      expect(await listed()).toContain('"big":9007199254740993');
      expect(await listed()).toContain('"weight":0.1,');
      expect(await listed()).toMatch(/"score":0\.1[,}]/);
      expect(await found(`face_id:${id}`)).toMatch(/"score":0\.1[,}]/);
      expect(await found('big:9007199254740993')).toContain('"big":9007199254740993');
      expect(await found('big:9007199254740992')).toContain('"faces":[]');
      expect(await found('score:0.1 && weight:0.1')).toContain(String(id));

      const value = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
      const number = fc.double({ noNaN: true, noDefaultInfinity: true });
      await fc.assert(
        fc.asyncProperty(value, number, async (big, weight) => {
          const plus = Object.is(weight, -0) ? 0 : weight;
          await put(`{"big":${big},"weight":${plus}}`);
          const text = await found(`big:[${big} TO ${big}] && weight:${plus}`);
          expect(text).toContain(`"big":${big}`);
          expect(JSON.parse(text)).toMatchObject({ faces: [{ external_fields: { weight: plus } }] });
        }),
        { numRuns: 40 },
      );
      for (const fields of [
        '{"big":9223372036854775808}',
        '{"big":1.5}',
        '{"weight":1e999}',
        '{"score":1e39}',
      ]) {
        await refused('FRS.0406', 'face-update', {
          set,
          raw: `{"face_id":"${id}","external_fields":${fields}}`,
        });
      }
      await put('{"big":-9223372036854775808}');
      await refused('FRS.0401', 'face-delete', { set, query: 'big=-9223372036854775807' });
      expect(await done('face-delete', { set, query: 'big=-9223372036854775808' })).toMatchObject({
        face_number: 1,
      });
    }));
});
