import { execFileSync } from 'node:child_process';
import { afterAll, expect, test, vi } from 'vitest';
import type { ApiRequest } from '../api/request.ts';
import { snippets } from './snippets.ts';

vi.stubGlobal('location', { origin: 'http://localhost:8080' });
afterAll(() => vi.unstubAllGlobals());

const photo = new File(['x'], `Ann's "best".jpg`);
const searching: ApiRequest = {
  method: 'POST',
  path: 'face-sets/people/search',
  form: { image_file: photo, filter: 'a:1' },
};
const search = snippets(searching, 'p1');

/** The words that a shell hands to the command `name`. */
const wordsOf = (name: string, script: string) =>
  execFileSync('sh', ['-c', `${name}() { printf '%s\\n' "$@"; }; ${script}`], {
    env: { ...process.env, TOKEN: 'secret' },
  })
    .toString()
    .trimEnd()
    .split('\n');

test('curl: a shell reads back what was meant, quotes in names included', () => {
  expect(wordsOf('curl', search.curl ?? '')).toEqual([
    '-X',
    'POST',
    'http://localhost:8080/v2/p1/face-sets/people/search',
    '-H',
    'X-Auth-Token: secret',
    '-F',
    String.raw`image_file=@"Ann's \"best\".jpg"`,
    '-F',
    'filter=a:1',
  ]);
});

test("Python: the official client's classes", () => {
  expect(search.Python).toContain('request = SearchFaceByFileRequest()\nrequest.face_set_name = "people"\n');
  expect(search.Python).toContain(
    String.raw`SearchFaceByFileRequestBody(image_file=FormFile("Ann's \"best\".jpg"), filter="a:1")`,
  );
});

test.each<[string, ApiRequest, string]>([
  [
    'JSON',
    { method: 'POST', path: 'face-sets/people/search', json: { face_id: 'f', deep: [true, null] } },
    'json={"face_id": "f", "deep": [True, None]}',
  ],
  [
    'a field that is beyond the reference',
    { ...searching, form: { ...searching.form, faces: 'all' } },
    String.raw`files={"image_file": open("Ann's \"best\".jpg", "rb")}`,
  ],
])('Python: for %s the official client has no class: a plain request', (_, request, part) => {
  const { Python } = snippets(request, 'p1');
  expect(Python).toContain(part);
  expect(Python).not.toContain('huaweicloud');
});

test('TypeScript: the form or the JSON of the request', () => {
  expect(search.TypeScript).toContain(String.raw`openAsBlob("Ann's \"best\".jpg")`);
  const { TypeScript } = snippets({ method: 'GET', path: 'face-sets' }, 'p1');
  expect(TypeScript).not.toContain('body');
});

test('64-bit numbers keep their digits', () => {
  const json = { face_id: 'AbCdEfGh', external_fields: { badge: 9007199254740993n } };
  for (const code of Object.values(snippets({ method: 'PUT', path: 'face-sets/x/faces', json }, 'p1'))) {
    expect(code).toContain('9007199254740993');
  }
});

test.each<[ApiRequest, string[]]>([
  [searching, ['search', photo.name, '--set', 'people', '--filter', 'a:1']],
  [
    { method: 'POST', path: 'face-detect', form: { image_file: photo, attributes: '1,2' } },
    ['detect', photo.name, '--attributes', '1,2'],
  ],
  [{ method: 'GET', path: 'face-sets' }, ['set', 'list']],
  [{ method: 'GET', path: 'face-sets/a-b' }, ['set', 'show', 'a-b']],
  [{ method: 'DELETE', path: 'face-sets/a-b' }, ['set', 'delete', 'a-b']],
  [
    { method: 'GET', path: 'face-sets/a/faces?offset=0&limit=20' },
    ['face', 'list', '--set', 'a', '--offset', '0', '--limit', '20'],
  ],
  [
    {
      method: 'POST',
      path: 'face-sets/a/faces',
      form: { image_file: photo, single: 'true', external_fields: '{"floor":3}' },
    },
    ['face', 'add', photo.name, '--set', 'a', '--field', 'floor=3', '--single'],
  ],
  [
    { method: 'DELETE', path: 'face-sets/a/faces/batch', json: { filter: 'floor:[3 TO *]' } },
    ['face', 'delete', '--set', 'a', '--filter', 'floor:[3 TO *]'],
  ],
])('the command line: %j', (request, words) => {
  expect(wordsOf('npx', snippets(request, 'p1').openfrs ?? '')).toEqual(['openfrs', ...words]);
});

test('the command line: none where it has no command for the request', () => {
  const byFace = { method: 'POST', path: 'face-sets/a/search', json: { face_id: 'AbCdEfGh' } } as const;
  expect(snippets(byFace, 'p1')).not.toHaveProperty('openfrs');
});
