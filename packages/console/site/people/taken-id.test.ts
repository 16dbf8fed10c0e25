import { expect, test } from 'vitest';
import type { Api } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import { personWithId } from './taken-id.ts';

const face = (face_id: string, external_image_id: string) => ({
  face_id,
  external_image_id,
  external_fields: {},
});
const faces = [face('a', 'ann'), face('b', 'eve'), face('c', 'eve')];
const api = {
  call: async ({ json }: ApiRequest) => {
    const { filter = '' } = (json ?? {}) as { filter?: string };
    const own = ({ external_image_id: id }: { external_image_id: string }) =>
      `external_image_id:${id}` === filter;
    return { body: { faces: filter === '' ? faces : faces.filter(own) } };
  },
} as unknown as Api;

test('an id that is to be given to a person may be of another in the set', async () => {
  expect((await personWithId(api, 'staff', 'eve'))?.faces.map(({ face_id }) => face_id)).toEqual(['b', 'c']);
  expect(await personWithId(api, 'staff', 'mia')).toBeUndefined();
});
