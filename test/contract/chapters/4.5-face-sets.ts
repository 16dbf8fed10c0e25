import { describe, expect, it } from 'vitest';
import { done, refused } from '../support/client.ts';
import { type FaceSetBody, newFaceSetName } from '../support/face-sets.ts';

interface Info {
  readonly face_set_info: FaceSetBody;
}

describe('4.5.1 face-set-create', () => {
  it('creates a set that can be shown, listed and deleted', async () => {
    const face_set_name = newFaceSetName();
    const external_fields = {
      timestamp: { type: 'long' },
      id: { type: 'string' },
      number: { type: 'integer' },
    };
    const json = { face_set_name, face_set_capacity: '30000', external_fields };
    const { face_set_info: made } = await done<Info>('face-set-create', { json });
    expect(made).toMatchObject({ face_number: 0, face_set_name, face_set_capacity: 30000, external_fields });
    expect(made.face_set_id).toMatch(/^[A-Za-z]{8}$/);
    expect(made.create_date).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(Math.abs(Date.parse(`${made.create_date.replace(' ', 'T')}Z`) - Date.now())).toBeLessThan(60_000);
    expect((await done<Info>('face-set-show', { set: face_set_name })).face_set_info).toEqual(made);
    const { face_sets_info: all } = await done<{ face_sets_info: FaceSetBody[] }>('face-set-list');
    expect(all).toContainEqual(made);
    await refused('FRS.0301', 'face-set-create', { json });
    expect(await done('face-set-delete', { set: face_set_name })).toEqual({ face_set_name });
    await refused('FRS.0302', 'face-set-show', { set: face_set_name });
    await refused('FRS.0302', 'face-set-delete', { set: face_set_name });
  });

  it('has a capacity of 100,000 and no custom fields by default', async () => {
    const face_set_name = newFaceSetName();
    const { face_set_info: made } = await done<Info>('face-set-create', {
      json: { face_set_name, face_set_capacity: null, external_fields: null, unknown: 1 },
    });
    expect(made).toMatchObject({ face_set_capacity: 100_000, external_fields: {} });
    await done('face-set-delete', { set: face_set_name });
  });

  it('needs a name', async () => {
    await refused('FRS.0011', 'face-set-create', { json: {} });
    await refused('FRS.0011', 'face-set-create', { json: { face_set_name: null, face_set_capacity: 5 } });
    for (const raw of ['', '{', '[]', 'face_set_name=a'])
      await refused('FRS.0014', 'face-set-create', { raw });
  });

  it.each(['', 'a b', 'a.b', 'a/b', '集', 'a'.repeat(65), 5, true, ['a'], {}])(
    'refuses the name %j',
    (face_set_name) => refused('FRS.0012', 'face-set-create', { json: { face_set_name } }),
  );

  it.each([
    0,
    -10_000,
    1,
    9999,
    15_000,
    110_000,
    1e9,
    10_000.5,
    '',
    '1e4x',
    '100L',
    '10000.0f',
    'NaN',
    true,
    [10_000],
  ])('refuses the capacity %j', (face_set_capacity) =>
    refused('FRS.0012', 'face-set-create', { json: { face_set_name: 'never', face_set_capacity } }),
  );

  it.each([
    'text',
    [],
    { a: 'string' },
    { a: null },
    { a: { type: 'text' } },
    { a: { type: 5 } },
    { 'a b': { type: 'string' } },
    { '': { type: 'string' } },
    { 字: { type: 'string' } },
    { ['a'.repeat(37)]: { type: 'string' } },
    { vector: { type: 'string' } },
    { bounding_box: { type: 'string' } },
    { external_image_id: { type: 'string' } },
    { face_id: { type: 'string' } },
    { create_time: { type: 'long' } },
    { similarity: { type: 'double' } },
    { _id: { type: 'string' } },
    { _all: { type: 'string' } },
    { _source: { type: 'string' } },
    Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`f${n}`, { type: 'long' }])),
  ])('refuses the custom fields %j', (external_fields) =>
    refused('FRS.0012', 'face-set-create', { json: { face_set_name: 'never', external_fields } }),
  );

  it('takes ten custom fields, of all six types, of any allowed name; the last of equal names counts', async () => {
    const face_set_name = newFaceSetName();
    const types = ['string', 'integer', 'float', 'double', 'boolean', 'long'];
    const fields = [
      ...types.map((type, n) => `"f${n}":{"type":"${type}"}`),
      '"__proto__":{"type":"string"}',
      '"constructor":{"type":"long"}',
      '"-":{"type":"long"}',
      `"${'a'.repeat(36)}":{"type":"long"}`,
      '"f0":{"type":"double"}',
    ];
    const raw = `{"face_set_name":"${face_set_name}","external_fields":{${fields.join(',')}}}`;
    const { face_set_info: made } = await done<Info>('face-set-create', { raw });
    expect(Object.keys(made.external_fields)).toHaveLength(10);
    expect(made.external_fields.f0).toEqual({ type: 'double' });
    expect((await done<Info>('face-set-show', { set: face_set_name })).face_set_info).toEqual(made);
    await done('face-set-delete', { set: face_set_name });
  });
});

describe('4.5.3 and 4.5.4 face-set-show, face-set-delete', () => {
  it('refuse a name that none can have, and one that is not there', async () => {
    for (const name of ['face-set-show', 'face-set-delete'] as const) {
      await refused('FRS.0012', name, { set: 'a%20b' });
      await refused('FRS.0012', name, { set: 'a%2Fb' });
      await refused('FRS.0012', name, { set: 'a'.repeat(65) });
      await refused('FRS.0302', name, { set: 'nowhere' });
    }
  });
});
