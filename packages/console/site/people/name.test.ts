import { pathValue } from '@openfrs/contract/path-value';
import { expect, test } from 'vitest';
import { imageIdOf } from '../enrolment/ids.ts';
import { nameOf } from './name.ts';

const named = (external_image_id: string, path: string) =>
  nameOf({
    face_id: 'AbCdEfGh',
    external_image_id,
    external_fields: { file: pathValue(path) },
    bounding_box: { top_left_x: 0, top_left_y: 0, width: 1, height: 1 },
  });

test.each([
  ['the folder', '张三/1.jpg', '张三'],
  ['the file, not the department around it', '研发部/张三.jpg', '张三'],
  ['the folder that holds the photo', '研发部/张三/1.jpg', '张三'],
  ['the outermost folder', '张三/2024/1.jpg', '张三'],
])('a hash id is shown as the name that it is of: %s', (_, path, name) => {
  expect(named(imageIdOf(name), path)).toBe(name);
});

// The ids that `openfrs enrol` gives these paths, with --people and without.
test('what `openfrs enrol` has added is called after its folder, or its own path', () => {
  expect(named('site-ann-ce75ccf5694a', 'site/ann/1.jpg')).toBe('ann');
  expect(named('site-ann-1-3c50c9a4effe', 'site/ann/1.jpg')).toBe('site/ann/1');
});

test('an id that is no hash of anything in the path is shown itself', () => {
  expect(named(imageIdOf('张三'), '1.jpg')).toBe('person-1d841bc0ee98');
  expect(named('emp-202411290001', '研发部/1.jpg')).toBe('emp-202411290001');
});
