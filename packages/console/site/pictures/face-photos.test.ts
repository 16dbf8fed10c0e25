import { pathValue } from '@openfrs/contract/path-value';
import { expect, test } from 'vitest';
import type { SetFace } from '../api/responses.ts';
import { imageIdOf } from '../enrolment/ids.ts';
import { signedInState } from '../shell/signed-in-state.ts';
import { FacePhotos } from './face-photos.ts';

const face = (path: string, external_image_id = 'ann'): SetFace => ({
  face_id: 'AbCdEfGh',
  external_image_id,
  external_fields: { file: pathValue(path) },
  bounding_box: { top_left_x: 0, top_left_y: 0, width: 1, height: 1 },
});
const photo = (content: string) => new File([content], '1.jpg', { lastModified: 0 });

test('a picture is of people of the set that its folder was chosen for', () => {
  const facePhotos = new FacePhotos();
  const own = photo('a');
  facePhotos.addFolder('staff', [{ path: '1.jpg', file: own }]);
  expect(facePhotos.of('staff', face('1.jpg'))?.photo).toBe(own);
  expect(facePhotos.of('guests', face('1.jpg'))).toBeUndefined();
});

test.each(['张三', '研发部'])('a picture is found by the folder %s in its path', (name) => {
  const facePhotos = new FacePhotos();
  facePhotos.addFolder('staff', [{ path: '研发部/张三/1.jpg', file: photo('a') }]);
  expect(facePhotos.of('staff', face('other.jpg', imageIdOf(name)))).toBeDefined();
});

test('two folders with the same path show nobody rather than the wrong face', () => {
  const facePhotos = new FacePhotos();
  facePhotos.addFolder('staff', [{ path: '1.jpg', file: photo('a') }]);
  facePhotos.addFolder('staff', [{ path: '1.jpg', file: photo('a') }]);
  expect(facePhotos.of('staff', face('1.jpg'))).toBeDefined();
  facePhotos.addFolder('staff', [{ path: '1.jpg', file: photo('bb') }]);
  expect(facePhotos.of('staff', face('1.jpg'))).toBeUndefined();
});

test('who signs in after another finds none of the pictures and requests of the other', () => {
  const session = { token: 't', project: 'p', projectName: 'p', user: 'd/u', expires: '' };
  const first = signedInState(session, () => undefined);
  first.facePhotos.addFolder('staff', [{ path: '1.jpg', file: photo('a') }]);
  first.activity.add({
    request: { method: 'GET', path: 'face-sets' },
    status: 200,
    milliseconds: 1,
    body: {},
  });
  const next = signedInState(session, () => undefined);
  expect(next.facePhotos.of('staff', face('1.jpg'))).toBeUndefined();
  expect(next.activity.entries).toEqual([]);
});
