import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operations } from '@openfrs/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { startCompiled } from '../support/compiled-service.ts';
import { runJson } from '../support/run-command.ts';
import { smallPhoto } from '../support/small-photos.ts';
import { type RawResponse, sendRaw } from './raw-http.ts';

/* Tokens, over HTTP: getting one, using it for every operation, and losing it. */

const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-token-'));
const local = await startCompiled(dataDir);
afterAll(async () => {
  await local.stop();
  await rm(dataDir, { recursive: true });
});

const { endpoint, credentials } = local;
const project = credentials.FRS_PROJECT_ID;

/** Runs the command line against the local server's data folder. */
const frs = (...argv: string[]) => runJson(argv, { FRS_DATA_DIR: dataDir });

const identity = (name: string, password: string) => ({
  methods: ['password'],
  password: { user: { name, password, domain: { name: credentials.FRS_DOMAIN } } },
});

async function askToken(user: string, password: string, scope?: object): Promise<RawResponse> {
  const body = JSON.stringify({ auth: { identity: identity(user, password), ...(scope && { scope }) } });
  return await sendRaw({
    method: 'POST',
    url: `${endpoint}/v3/auth/tokens`,
    headers: { 'content-type': 'application/json' },
    body,
  });
}

async function tokenOf(user: string, password: string, scope?: object): Promise<string> {
  const answer = await askToken(user, password, scope);
  expect(answer.status).toBe(201);
  return String(answer.headers['x-subject-token']);
}

const inProject = { project: { name: credentials.FRS_REGION } };
const developer = () => tokenOf(credentials.FRS_USER, credentials.FRS_PASSWORD, inProject);

async function use(
  token: string,
  method = 'GET',
  path = `/v2/${project}/face-sets`,
  body?: object,
): Promise<RawResponse> {
  const headers = { 'X-Auth-Token': token, ...(body && { 'content-type': 'application/json' }) };
  return await sendRaw({
    method,
    url: endpoint + path,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
}

describe('a token', () => {
  it('is answered with 201, in the header X-Subject-Token', async () => {
    const answer = await askToken(credentials.FRS_USER, credentials.FRS_PASSWORD, inProject);
    expect(answer).toMatchObject({
      status: 201,
      headers: {
        'x-subject-token': expect.stringMatching(/^[\w.-]{100,600}$/),
        'x-request-id': expect.any(String),
      },
      body: {
        token: { methods: ['password'], project: { id: project }, user: { name: credentials.FRS_USER } },
      },
    });
  });

  it('may be asked for with the scope beside auth, as the reference shows it too', async () => {
    const body = JSON.stringify({
      auth: { identity: identity(credentials.FRS_USER, credentials.FRS_PASSWORD) },
      scope: inProject,
    });
    const answer = await sendRaw({ method: 'POST', url: `${endpoint}/v3/auth/tokens`, headers: {}, body });
    expect(answer).toMatchObject({ status: 201, body: { token: { project: { id: project } } } });
  });

  it('is not given for a wrong password, nor for no JSON, in the form of IAM', async () => {
    expect(await askToken(credentials.FRS_USER, 'wrong', inProject)).toMatchObject({
      status: 401,
      body: { error: { code: 401, message: expect.any(String), title: 'Unauthorized' } },
    });
    for (const body of ['', 'x', '[]', '{}', '{"auth":null}']) {
      const answer = await sendRaw({ method: 'POST', url: `${endpoint}/v3/auth/tokens`, headers: {}, body });
      expect([body, answer.status, answer.body]).toMatchObject([body, 400, { error: { code: 400 } }]);
    }
  });

  it('opens every operation', async () => {
    const token = await developer();
    const image_base64 = smallPhoto(1).toString('base64');
    await use(token, 'POST', `/v2/${project}/face-sets`, {
      face_set_name: 'people',
      face_set_capacity: 10_000,
    });
    for (const { name, method, paths, auth } of operations) {
      if (auth === 'none') continue;
      for (const path of paths) {
        const url = path
          .replace('{project_id}', project)
          .replace('{face_set_name}', name.includes('delete') ? 'nowhere' : 'people');
        const answer = await use(
          token,
          method,
          url,
          method === 'GET'
            ? undefined
            : { image_base64, image1_base64: image_base64, image2_base64: image_base64 },
        );
        const opened =
          !String(answer.code).startsWith('APIG') && ![401, 403, 404, 500].includes(answer.status);
        expect([name, path, answer.status, answer.code, opened]).toEqual([
          name,
          path,
          answer.status,
          answer.code,
          true,
        ]);
      }
    }
  });

  it('opens nothing without its project, or in another', async () => {
    const unscoped = await tokenOf(credentials.FRS_USER, credentials.FRS_PASSWORD);
    expect((await use(unscoped)).code).toBe('FRS.0002');
    const { id } = await frs('project', 'create', 'other');
    expect(await use(await developer(), 'GET', `/v2/${id}/face-sets`)).toMatchObject({
      status: 403,
      code: 'FRS.0028',
    });
    // Accounts may be a second old.
    await expect
      .poll(async () => (await use(unscoped, 'GET', '/v3/auth/projects')).body, { timeout: 40_000 })
      .toMatchObject({ projects: { length: 2 } });
  });

  it('is refused when missing, garbled or altered', async () => {
    const token = await developer();
    const middle = Math.floor(token.length / 2);
    const altered = token.slice(0, middle) + (token[middle] === 'A' ? 'B' : 'A') + token.slice(middle + 1);
    expect((await use('')).code).toBe('APIG.0301');
    for (const wrong of ['x', altered, `${token}x`, token.slice(1), 'a.b.c']) {
      expect([wrong, await use(wrong)]).toMatchObject([wrong, { status: 401, code: 'APIG.0307' }]);
    }
  });

  it('ends within a minute when its user is disabled', async () => {
    const { password = '' } = await frs('user', 'create', 'bob');
    const token = await tokenOf('bob', password, inProject);
    expect((await use(token)).status).toBe(200);
    await frs('user', 'disable', 'bob');
    await expect
      .poll(async () => (await use(token)).code, { timeout: 60_000, interval: 1000 })
      .toBe('FRS.0002');
    expect((await askToken('bob', password, inProject)).status).toBe(401);
  }, 90_000);
});
