import { expect, test } from 'vitest';
import type { Api } from '../api/api.ts';
import type { FaceSetInfo } from '../api/responses.ts';
import { searched } from './answer.ts';
import { defaultOptions, faceRequest } from './request.ts';

test('an answer keeps the set and the filter that it was asked of', async () => {
  const api = { call: async () => ({ body: { faces: [] } }) } as unknown as Api;
  const set = { face_set_name: 'staff', face_number: 3 } as FaceSetInfo;
  const filter = 'floor:3';
  const request = faceRequest('staff', 'AbCdEfGh', { ...defaultOptions, filter });
  expect(await searched(api, set, filter, request)).toMatchObject({
    set,
    filter,
    entry: { body: { faces: [] } },
  });
});
