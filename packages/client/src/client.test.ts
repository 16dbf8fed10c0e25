import { expect, it, vi } from 'vitest';
import { type ClientOptions, frsClient } from './index.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A client whose requests are answered by a function, and what they were. */
function clientOf(
  answer: (seen: Seen) => Response | Promise<Response>,
  credentials: ClientOptions['credentials'] = { token: 't' },
) {
  const seen: Seen[] = [];
  const send = async (url: URL | RequestInfo, init: RequestInit = {}) => {
    const { pathname, search } = new URL(String(url));
    const request = {
      method: init.method ?? 'GET',
      path: pathname + search,
      headers: new Headers(init.headers),
      body: init.body,
    };
    seen.push(request);
    return await answer(request);
  };
  const options = { endpoint: 'http://frs.test', projectId: 'p', credentials, fetch: send };
  return { client: frsClient(options), seen };
}

const json = (body: unknown, status = 200, headers = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

it('puts parameters into the path, the query or the body, as the operation has it', async () => {
  const { client, seen } = clientOf(() => json({}));
  await client.faceList({ face_set_name: 'people', offset: 10 });
  await client.faceDelete({ face_set_name: 'people', field: { external_image_id: 'ann' } });
  await client.faceDeleteBatch({ face_set_name: 'people', filter: 'age:[1 TO 2]' });
  await client.uploadCreate();
  expect(seen.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['GET', '/v2/p/face-sets/people/faces?offset=10', undefined],
    ['DELETE', '/v2/p/face-sets/people/faces?external_image_id=ann', undefined],
    ['DELETE', '/v2/p/face-sets/people/faces/batch', '{"filter":"age:[1 TO 2]"}'],
    ['POST', '/v1/p/uploads', undefined],
  ]);
});

it('sends a form where a file is among the parameters', async () => {
  const { client, seen } = clientOf(() => json({ faces: [] }));
  const image_file = new Blob(['photo']);
  await client.faceAdd({
    face_set_name: 's',
    image_file,
    single: true,
    external_fields: { id: 2n ** 53n + 1n },
  });
  const body = seen[0]?.body as FormData;
  expect([body.get('single'), body.get('external_fields')]).toEqual(['true', '{"id":9007199254740993}']);
  expect(await (body.get('image_file') as File).text()).toBe('photo');
  expect(seen[0]?.headers.get('Content-Type')).toBeNull();
});

it('keeps integers that a number would round', async () => {
  const { client } = clientOf(() => json('{"faces":[{"external_fields":{"id":9007199254740993,"x":1.5}}]}'));
  const { faces } = await client.faceList({ face_set_name: 's' });
  expect(faces[0]?.external_fields).toEqual({ id: 9007199254740993n, x: 1.5 });
});

it("throws the service's code, words and request id", async () => {
  const refusal = { error_code: 'FRS.0302', error_msg: 'The face set does not exist.' };
  const { client } = clientOf(() => json(refusal, 400, { 'X-Request-Id': 'r' }));
  await expect(client.faceSetShow({ face_set_name: 's' })).rejects.toMatchObject({
    name: 'FrsApiError',
    code: 'FRS.0302',
    message: 'The face set does not exist.',
    status: 400,
    requestId: 'r',
  });
  for (const page of [json('<html>', 502), json('null'), json('')]) {
    await expect(clientOf(() => page).client.faceSetList()).rejects.toMatchObject({ code: 'UNKNOWN' });
  }
});

it('passes an abort on', async () => {
  const { client } = clientOf(() => json({}));
  const send = vi.fn(fetch);
  const aborted = AbortSignal.abort(new Error('enough'));
  const options = {
    endpoint: 'http://127.0.0.1:9',
    projectId: 'p',
    credentials: { token: 't' },
    fetch: send,
  };
  await expect(frsClient(options).faceSetList({}, { signal: aborted })).rejects.toThrow('enough');
  expect(await client.faceSetList()).toEqual({});
});

const login = { domain: 'd', user: 'u', password: 'w' };

/** A service that gives tokens t1, t2 … for so many minutes each. */
function tokenService(minutes: number, refused = new Set<string>()) {
  let given = 0;
  return clientOf(({ path, headers }) => {
    if (path !== '/v3/auth/tokens') {
      const token = headers.get('X-Auth-Token') ?? '';
      return refused.has(token) ? json({ error_code: 'APIG.0307', error_msg: '' }, 401) : json({ token });
    }
    const expires_at = new Date(Date.now() + minutes * 60_000).toISOString();
    return json({ token: { expires_at } }, 201, { 'X-Subject-Token': `t${++given}` });
  }, login);
}

const pathsOf = (seen: readonly Seen[]) => seen.map(({ path }) => path.replace('/v2/p/', ''));

it('fetches one token for all requests', async () => {
  const { client, seen } = tokenService(60);
  await Promise.all([client.faceSetList(), client.faceSetList()]);
  await client.faceSetList();
  expect(pathsOf(seen)).toEqual(['/v3/auth/tokens', 'face-sets', 'face-sets', 'face-sets']);
  expect(JSON.parse(String(seen[0]?.body))).toEqual({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'u', password: 'w', domain: { name: 'd' } } },
      },
      scope: { project: { id: 'p' } },
    },
  });
});

it('renews a token that is about to end, once for all requests', async () => {
  const { client, seen } = tokenService(1);
  expect(await client.faceSetList()).toEqual({ token: 't2' });
  await Promise.all([client.faceSetList(), client.faceSetList()]);
  expect(seen.filter(({ path }) => path === '/v3/auth/tokens')).toHaveLength(3);
});

it('renews a token that is refused, and tries that request once more', async () => {
  const { client, seen } = tokenService(60, new Set(['t1']));
  expect(await client.faceSetList()).toEqual({ token: 't2' });
  expect(pathsOf(seen)).toEqual(['/v3/auth/tokens', 'face-sets', '/v3/auth/tokens', 'face-sets']);
  const never = tokenService(60, new Set(['t1', 't2', 't3']));
  await expect(never.client.faceSetList()).rejects.toMatchObject({ code: 'APIG.0307', status: 401 });
  expect(never.seen).toHaveLength(4);
});

it('a wrong password is said, and asked for again at the next request', async () => {
  const answer = { error: { code: 401, message: 'wrong', title: 'Unauthorized' } };
  const { client, seen } = clientOf(() => json(answer, 401), login);
  for (let time = 0; time < 2; time++) {
    await expect(client.faceSetList()).rejects.toMatchObject({ code: 'IAM', message: 'wrong', status: 401 });
  }
  expect(seen).toHaveLength(2);
});
