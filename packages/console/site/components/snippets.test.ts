import { execFileSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { snippets } from './snippets.ts';

vi.stubGlobal('location', { origin: 'http://localhost:8080' });

const photo = new File(['x'], `Ann's "best".jpg`);
const search = snippets(
  { method: 'POST', path: 'face-sets/people/search', form: { image_file: photo, filter: 'a:1' } },
  'p1',
);

test('curl: a shell reads back what was meant, quotes in names included', () => {
  const shown = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }; ${search.curl}`], {
    env: { ...process.env, TOKEN: 'secret' },
  });
  expect(shown.toString().trimEnd().split('\n')).toEqual([
    '-X',
    'POST',
    'http://localhost:8080/v2/p1/face-sets/people/search',
    '-H',
    'X-Auth-Token: secret',
    '-F',
    `image_file=@Ann's "best".jpg`,
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

test('Python: what the official client has no class for here is a plain request with Python’s own words', () => {
  const body = { face_id: 'f', deep: [true, null] };
  const { Python } = snippets({ method: 'POST', path: 'face-sets/people/search', json: body }, 'p1');
  expect(Python).toContain('json={"face_id": "f", "deep": [True, None]}');
});

test('TypeScript: the form or the JSON of the request', () => {
  expect(search.TypeScript).toContain(String.raw`openAsBlob("Ann's \"best\".jpg")`);
  const { TypeScript } = snippets({ method: 'GET', path: 'face-sets' }, 'p1');
  expect(TypeScript).not.toContain('body');
});
