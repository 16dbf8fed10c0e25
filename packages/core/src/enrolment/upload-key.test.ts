import { describe, expect, it } from 'vitest';
import { readUploadKey } from './upload-key.ts';

it.each(['ann.jpg', 'ann.JPG', 'ann.jpeg', 'ann.png', 'ann.bmp'])('a photo: %s', (file) => {
  expect(readUploadKey(`enrol/p1/staff/${file}`)).toEqual({
    kind: 'photo',
    key: { projectId: 'p1', faceSetName: 'staff', externalImageId: 'ann' },
  });
});

describe('what is no photo has its reason', () => {
  it.each([
    ['ann 1.jpg', 'FRS.0012', 'external_image_id'],
    ['a+b.jpg', 'FRS.0012', 'external_image_id'],
    ['王小明.jpg', 'FRS.0012', 'external_image_id'],
    ['ann.old.jpg', 'FRS.0012', 'external_image_id'],
    ['.jpg', 'FRS.0012', 'external_image_id'],
    ['a\nb.jpg', 'FRS.0012', 'external_image_id'],
    [`${'a'.repeat(37)}.jpg`, 'FRS.0012', 'external_image_id'],
    ['ann.gif', 'FRS.0016', '.jpg, .jpeg, .png or .bmp'],
    ['ann.heic', 'FRS.0016', '.jpg, .jpeg, .png or .bmp'],
    ['ann', 'FRS.0016', '.jpg, .jpeg, .png or .bmp'],
    ['2026/ann.jpg', 'FRS.0012', 'a folder too many'],
    ['/ann.jpg', 'FRS.0012', 'a folder too many'],
  ])('%s', (file, code, reason) => {
    expect(readUploadKey(`enrol/p1/staff/${file}`)).toEqual({
      ...{ kind: 'wrong', projectId: 'p1', code },
      reason: expect.stringContaining(reason),
    });
  });

  it.each([
    ['enrol/p1/ann.jpg', 'p1', 'too few'],
    ['enrol/ann.jpg', undefined, 'too few'],
    ['enrol//staff/ann.jpg', undefined, 'too few'],
    ['enrol/p1/my staff/ann.jpg', 'p1', 'face set'],
  ])('%s', (key, projectId, reason) => {
    expect(readUploadKey(key)).toMatchObject({ projectId, reason: expect.stringContaining(reason) });
  });

  it.each(['enrol/', 'enrol/p1/', 'enrol/p1/staff/', 'enrol/p1/staff/ann.json'])(
    '%s belongs there',
    (key) => {
      expect(readUploadKey(key)).toMatchObject({ kind: 'other' });
    },
  );
});
