import { externalImageIdPattern } from '@openfrs/contract';
import { expect, it } from 'vitest';
import { earlierImageId, externalImageId, personImageId } from './external-image-id.ts';

it.each([
  ['ann.jpg', /^ann-[0-9a-f]{12}$/],
  ['deep/ann_2.jpg', /^deep-ann_2-[0-9a-f]{12}$/],
  ['Arnold_Schwarzenegger/Arnold_Schwarzenegger_0001.jpg', /^[A-Za-z_]+_0001-[0-9a-f]{12}$/],
  ['Jos\u00e9/1.jpg', /^photo-[0-9a-f]{12}$/],
  ["O'Brien/1.jpg", /^photo-[0-9a-f]{12}$/],
  ['Mary Ann/1.jpg', /^photo-[0-9a-f]{12}$/],
  ['\u5f20\u4e09/1.jpg', /^photo-[0-9a-f]{12}$/],
  ['.../...jpg', /^photo-[0-9a-f]{12}$/],
])('%s has an id of the form of the contract that spells no letter otherwise', (file, form) => {
  expect(externalImageId(file)).toMatch(form);
  expect(externalImageId(file)).toMatch(externalImageIdPattern);
});

it('two spellings of a name, or two types of file, are two files', () => {
  const files = ['Jos\u00e9/1.jpg', 'Jose\u0301/1.jpg', 'ann.jpg', 'ann.png', 'a/b.jpg', 'a-b.jpg'];
  expect(new Set(files.map(externalImageId)).size).toBe(files.length);
});

it('names that need no other letters have the ids that they had in earlier versions', () => {
  for (const file of ['ann.jpg', 'deep/ann.jpg', 'Arnold_Schwarzenegger/Arnold_Schwarzenegger_0001.jpg']) {
    expect(externalImageId(file)).toBe(earlierImageId(file));
  }
});

it('photos of one folder are one person’s, of two folders two people’s, and no photo has a person’s id', () => {
  expect(personImageId('ann/1.jpg')).toMatch(/^ann-[0-9a-f]{12}$/);
  expect(personImageId('ann/1.jpg')).toBe(personImageId('ann/2.png'));
  const files = ['ann/1.jpg', 'ann.b/1.jpg', 'site/ann/1.jpg', 'Jos\u00e9/1.jpg'];
  const ids = [...files.map(personImageId), ...files.map(externalImageId), externalImageId('ann.jpg')];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(externalImageIdPattern);
  expect(personImageId('1.jpg')).toBeUndefined();
});
