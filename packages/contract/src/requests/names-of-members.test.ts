import { describe, expect, it } from 'vitest';
import { isJsonObject, parseJson } from '../json/json.ts';
import { createFaceSetRequest, deleteFacesRequest, inPath, readParameters, searchRequest } from './index.ts';

/** All of them are legal names of custom fields. */
const memberNames = Object.getOwnPropertyNames(Object.prototype);

function parsed(text: string) {
  const value = parseJson(text);
  return isJsonObject(value) ? value : {};
}

describe.each(memberNames)('a custom field that is called %s', (name) => {
  it('is defined', () => {
    const given = parsed(`{"face_set_name":"s","external_fields":{"${name}":{"type":"long"}}}`);
    expect(Object.entries(readParameters(createFaceSetRequest, given).fields)).toEqual([[name, 'long']]);
  });

  it('is sorted by and returned', () => {
    const given = parsed(`{"face_id":"a","sort":[{"${name}":"desc"}],"return_fields":["${name}"]}`);
    const { sort, returnFields } = readParameters(searchRequest, { ...given, [inPath]: 's' });
    expect([...sort]).toEqual([[name, 'desc']]);
    expect(returnFields).toEqual([name]);
  });

  it('is deleted by', () => {
    const given = Object.fromEntries([
      [name, '5'],
      [inPath, 's'],
    ]);
    expect(readParameters(deleteFacesRequest, given)).toEqual({ faceSetName: 's', field: name, value: '5' });
  });
});

it('a definition without a type is a string, whatever objects inherit', () => {
  const given = parsed('{"face_set_name":"s","external_fields":{"a":{}}}');
  expect(readParameters(createFaceSetRequest, given).fields).toEqual({ a: 'string' });
});

it.each(['{"a":"up"}', '5', '[]', 'null', '{"__proto__":"up"}'])('sort refuses the entry %s', (entry) => {
  const given = { ...parsed(`{"face_id":"a","sort":[${entry}]}`), [inPath]: 's' };
  expect(() => readParameters(searchRequest, given)).toThrowError(
    expect.objectContaining({ code: 'FRS.0012' }),
  );
});
