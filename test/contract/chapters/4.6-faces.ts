import { describe, expect, it } from 'vitest';
import { plainPicture } from '../../support/photos.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { done, refused } from '../support/client.ts';
import { type FaceBody, type FaceSetBody, facesOf, withFaceSet } from '../support/face-sets.ts';

interface Added {
  readonly face_set_id: string;
  readonly faces: readonly FaceBody[];
}
const base64 = (file: Buffer) => file.toString('base64');
const plain = base64(plainPicture(100, 100));
const none = 'AAAAAAAA';

describe('4.6.1 face-add', () => {
  it('adds every face of a picture under one generated external_image_id', () =>
    withFaceSet({}, async (set) => {
      const { faces } = await done<Added>('face-add', { set, json: { image_base64: base64(smallPhoto(3)) } });
      expect(faces).toHaveLength(3);
      expect(new Set(faces.map((face) => face.face_id)).size).toBe(3);
      const [id, ...others] = new Set(faces.map((face) => face.external_image_id));
      expect(others).toEqual([]);
      expect(id).toMatch(/^[A-Za-z]{8}$/);
      for (const face of faces) {
        expect(face.face_id).toMatch(/^[A-Za-z]{8}$/);
        expect(face.external_fields).toEqual({});
      }
      const shown = await done<{ face_set_info: FaceSetBody }>('face-set-show', { set });
      expect(shown.face_set_info.face_number).toBe(3);
      expect(await facesOf(set)).toEqual(faces);
    }));

  it('with single adds the largest only', () =>
    withFaceSet({ id: 'string', timestamp: 'long' }, async (set) => {
      const external_fields = { id: 'home', timestamp: 12 };
      const json = {
        image_base64: base64(smallPhoto(1)),
        single: true,
        external_image_id: 'imageID',
        external_fields,
      };
      const { faces } = await done<Added>('face-add', { set, json });
      expect(faces).toMatchObject([{ external_image_id: 'imageID', external_fields }]);
      const form = { external_fields: '{"id":"b"}', single: 'true', image_file: smallPhoto(1) };
      expect((await done<Added>('face-add', { set, form })).faces).toMatchObject([
        { external_fields: { id: 'b' } },
      ]);
    }));

  it('refuses malformed parameters, a missing set, and pictures without a face', () =>
    withFaceSet({ id: 'string' }, async (set) => {
      const bad = { image_base64: 'AAAA' };
      for (const external_image_id of ['', 'a b', 'a'.repeat(37), '图', 5]) {
        await refused('FRS.0012', 'face-add', { set, json: { ...bad, external_image_id } });
      }
      for (const single of ['yes', 1, '', 'TRUE'])
        await refused('FRS.0012', 'face-add', { set, json: { ...bad, single } });
      for (const external_fields of ['{"id":"a"}', [], 5]) {
        await refused('FRS.0012', 'face-add', { set, json: { ...bad, external_fields } });
      }
      await refused('FRS.0012', 'face-add', {
        set,
        form: { image_file: smallPhoto(1), external_fields: '{' },
      });
      await refused('FRS.0011', 'face-add', { set, json: { face_id: none } });
      await refused('FRS.0302', 'face-add', { set: 'nowhere', json: bad });
      await refused('FRS.0016', 'face-add', { set, json: bad });
      await refused('FRS.0404', 'face-add', { set, json: { image_base64: plain } });
      await refused('FRS.0405', 'face-add', {
        set,
        json: { image_base64: plain, external_fields: { other: 'a' } },
      });
      await refused('FRS.0406', 'face-add', {
        set,
        json: { image_base64: plain, external_fields: { id: 5 } },
      });
      expect(await facesOf(set)).toEqual([]);
    }));
});

describe('4.6.2 face-list', () => {
  it('pages in the order of adding, five at a time by default, and finds one by its id', () =>
    withFaceSet({}, async (set) => {
      for (const number of [1, 3] as const)
        await done('face-add', { set, form: { image_file: smallPhoto(number) } });
      const all = await facesOf(set);
      expect(all).toHaveLength(6);
      expect(await facesOf(set, '')).toEqual(all.slice(0, 5));
      expect(await facesOf(set, 'offset=4')).toEqual(all.slice(4));
      expect(await facesOf(set, 'offset=1&limit=2')).toEqual(all.slice(1, 3));
      expect(await facesOf(set, 'offset=6&limit=1')).toEqual([]);
      expect(await facesOf(set, 'offset=9999&limit=1')).toEqual([]);
      expect(await facesOf(set, `face_id=${all[3]?.face_id}`)).toEqual([all[3]]);
      await refused('FRS.0403', 'face-list', { set, query: `face_id=${none}` });
    }));

  it.each([
    'offset=-1',
    'limit=0',
    'limit=-1',
    'offset=1.5',
    'offset=',
    'limit=',
    'limit=5f',
    'limit=NaN',
    'offset=10000',
    'limit=10001',
    'offset=9999&limit=2',
    'offset=1&offset=2',
    'face_id=',
    'face_id=AAAAAAAA&offset=0',
    'face_id=AAAAAAAA&limit=5',
  ])('refuses ?%s, before it looks for the set', (query) =>
    refused('FRS.0012', 'face-list', { set: 'nowhere', query }),
  );
});

describe('4.6.3 face-update', () => {
  it('changes the external_image_id, and merges custom fields', () =>
    withFaceSet({ id: 'string', timestamp: 'long' }, async (set) => {
      const { face_set_id, faces } = await done<Added>('face-add', {
        set,
        json: { image_base64: base64(smallPhoto(1)), single: true, external_fields: { id: 'home' } },
      });
      const face_id = faces[0]?.face_id;
      const answer = { face_number: 1, face_set_id, face_set_name: set };
      expect(await done('face-update', { set, json: { face_id, external_image_id: 'imageID' } })).toEqual(
        answer,
      );
      expect(
        await done('face-update', { set, json: { face_id, external_fields: { timestamp: 12 } } }),
      ).toEqual(answer);
      expect(await facesOf(set)).toEqual([
        { ...faces[0], external_image_id: 'imageID', external_fields: { id: 'home', timestamp: 12 } },
      ]);
      await refused('FRS.0405', 'face-update', { set, json: { face_id, external_fields: { other: 1 } } });
      await refused('FRS.0406', 'face-update', {
        set,
        json: { face_id, external_fields: { timestamp: '1' } },
      });
      await refused('FRS.0012', 'face-update', { set, json: { face_id, external_fields: { id: 'a b' } } });
      await refused('FRS.0403', 'face-update', { set, json: { face_id: none, external_image_id: 'a' } });
    }));

  it('needs a face_id and something to change', async () => {
    await refused('FRS.0011', 'face-update', { set: 'nowhere', json: { external_image_id: 'a' } });
    await refused('FRS.0011', 'face-update', { set: 'nowhere', json: { face_id: none } });
    await refused('FRS.0011', 'face-update', {
      set: 'nowhere',
      json: { face_id: none, external_fields: null },
    });
    await refused('FRS.0012', 'face-update', {
      set: 'nowhere',
      json: { face_id: 5, external_image_id: 'a' },
    });
    await refused('FRS.0012', 'face-update', {
      set: 'nowhere',
      json: { face_id: none, external_image_id: '' },
    });
    await refused('FRS.0302', 'face-update', {
      set: 'nowhere',
      json: { face_id: none, external_image_id: 'a' },
    });
  });
});

describe('4.6.4 face-delete', () => {
  it('deletes by face_id, external_image_id or a custom field', () =>
    withFaceSet({ id: 'string', timestamp: 'long', male: 'boolean' }, async (set) => {
      const add = async (external_image_id: string, external_fields: object) =>
        await done<Added>('face-add', {
          set,
          json: { image_base64: base64(smallPhoto(3)), external_image_id, external_fields },
        });
      const first = await add('one', { id: '家', timestamp: 12, male: false });
      await add('two', { id: 'b' });
      const count = async (query: string) =>
        (await done<{ face_number: number }>('face-delete', { set, query })).face_number;
      expect(await count(`face_id=${first.faces[0]?.face_id}`)).toBe(1);
      await refused('FRS.0403', 'face-delete', { set, query: `face_id=${first.faces[0]?.face_id}` });
      await refused('FRS.0401', 'face-delete', { set, query: 'timestamp=13' });
      await refused('FRS.0401', 'face-delete', { set, query: 'timestamp=a' });
      await refused('FRS.0401', 'face-delete', { set, query: 'male=true' });
      expect(await count(`id=${encodeURIComponent('家')}`)).toBe(2);
      await refused('FRS.0401', 'face-delete', { set, query: 'timestamp=12' });
      await refused('FRS.0402', 'face-delete', { set, query: 'external_image_id=one' });
      await refused('FRS.0402', 'face-delete', { set, query: 'other=1' });
      expect(await count('external_image_id=two')).toBe(3);
      expect(await facesOf(set)).toEqual([]);
    }));

  it('needs exactly one field with a value', async () => {
    await refused('FRS.0011', 'face-delete', { set: 'nowhere' });
    for (const query of ['face_id=', 'face_id=a&id=b', 'id=a&id=b', 'id']) {
      await refused('FRS.0012', 'face-delete', { set: 'nowhere', query });
    }
    await refused('FRS.0302', 'face-delete', { set: 'nowhere', query: 'face_id=a' });
  });
});

describe('4.6.5 face-delete-batch', () => {
  it('deletes what passes the filter', () =>
    withFaceSet({ age: 'integer' }, async (set) => {
      for (const age of [20, 31]) {
        const json = { image_base64: base64(smallPhoto(1)), single: true, external_fields: { age } };
        await done('face-add', { set, json });
      }
      expect(await done('face-delete-batch', { set, json: { filter: 'age:[20 TO 30]' } })).toMatchObject({
        face_number: 1,
      });
      await refused('FRS.0407', 'face-delete-batch', { set, json: { filter: 'age:[20 TO 30]' } });
      await refused('FRS.0029', 'face-delete-batch', { set, json: { filter: 'other:1' } });
      await refused('FRS.0029', 'face-delete-batch', { set, json: { filter: '' } });
      expect(await facesOf(set)).toMatchObject([{ external_fields: { age: 31 } }]);
      expect(await done('face-delete-batch', { set, json: { filter: '(!age:20)' } })).toMatchObject({
        face_number: 1,
      });
    }));

  it('needs a filter', async () => {
    await refused('FRS.0011', 'face-delete-batch', { set: 'nowhere', json: {} });
    await refused('FRS.0012', 'face-delete-batch', { set: 'nowhere', json: { filter: 5 } });
    await refused('FRS.0014', 'face-delete-batch', { set: 'nowhere' });
    await refused('FRS.0302', 'face-delete-batch', { set: 'nowhere', json: { filter: 'a:1' } });
  });
});
