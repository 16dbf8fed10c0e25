import { operation } from '@openfrs/contract';
import { nodeClient } from '@openfrs/testing/signers';
import { describe, expect, it } from 'vitest';
import { call, done, expectError, fetchReply, login, tokenOf } from '../support/client.ts';
import { takesLargeBodies } from '../support/large-bodies.ts';
import { service } from '../support/service.ts';

const url = (name: Parameters<typeof operation>[0]) =>
  operation(name).paths[0].replace('{project_id}', service.owner.projectId);

describe('3.2 getting a token', () => {
  it('answers 201 with the token in X-Subject-Token', async () => {
    const reply = await login(service.owner);
    expect(reply.status).toBe(201);
    expect(reply.headers.get('X-Subject-Token')).toBeTruthy();
    const { token } = reply.body as { token: { expires_at: string; project: object; user: object } };
    expect(token.project).toMatchObject({ id: service.owner.projectId, name: service.owner.region });
    expect(token.user).toMatchObject({ name: service.owner.user, domain: { name: service.owner.domain } });
    const life = Date.parse(token.expires_at) - Date.now();
    expect(life / 3_600_000).toBeGreaterThan(23.9);
    expect(life / 3_600_000).toBeLessThanOrEqual(24);
  });

  it('takes the scope inside auth or beside it', async () => {
    const { user, password, domain, region } = service.owner;
    const identity = {
      methods: ['password'],
      password: { user: { name: user, password, domain: { name: domain } } },
    };
    const body = JSON.stringify({ auth: { identity }, scope: { project: { name: region } } });
    const reply = await fetchReply('/v3/auth/tokens', { method: 'POST', body });
    expect(reply.body).toMatchObject({ token: { project: { id: service.owner.projectId } } });
  });

  it.each([{ user: 'nobody' }, { password: 'wrong' }, { domain: 'nowhere' }])(
    'refuses %j with 401',
    async (change) => {
      const reply = await login({ ...service.owner, ...change });
      expect(reply.status).toBe(401);
      expect(reply.body).toEqual({
        error: { code: 401, message: expect.any(String), title: 'Unauthorized' },
      });
    },
  );

  it.each(['', '{', '[]', '{}', '{"auth":1}', '{"auth":{"identity":{"methods":["token"]}}}'])(
    'refuses the body %j with 400',
    async (body) => {
      const reply = await fetchReply('/v3/auth/tokens', { method: 'POST', body });
      expect(reply.status).toBe(400);
      expect(reply.body).toEqual({ error: { code: 400, message: expect.any(String), title: 'Bad Request' } });
    },
  );
});

describe('3.3 authentication', () => {
  it('by token', async () => {
    await done('face-set-list');
  });

  it('by signature, with a body and without', async () => {
    const sign = (method: string, path: string, body?: string) =>
      nodeClient({ method, endpoint: service.endpoint, path, ...(body && { body }) }, service.owner);
    const list = sign('GET', url('face-set-list'));
    expect((await fetchReply(url('face-set-list'), { headers: list.headers })).status).toBe(200);
    const compare = sign('POST', url('face-compare'), '{"image1_base64":"AAAA"}');
    const { headers } = compare;
    const path = url('face-compare');
    expectError(await fetchReply(path, { method: 'POST', headers, body: String(compare.body) }), 'FRS.0011');
    expectError(
      await fetchReply(path, { method: 'POST', headers, body: '{"image1_base64":"AAAB"}' }),
      'APIG.0301',
    );
  });

  it('lists the projects for clients that were given none, by token and by signature', async () => {
    const path = '/v3/projects';
    const query = { name: service.owner.region };
    const { headers } = nodeClient({ method: 'GET', endpoint: service.endpoint, path, query }, service.owner);
    const signed = await fetchReply(`${path}?name=${service.owner.region}`, { headers });
    expect(signed.body).toMatchObject({ projects: [{ id: service.owner.projectId }] });
    const byToken = await call('project-list', { path: 1 });
    expect(byToken.text).toContain(service.owner.projectId);
    expect((await call('project-list', { query: 'name=nowhere' })).body).toMatchObject({ projects: [] });
    expect((await call('domain-list')).body).toMatchObject({
      domains: [{ name: service.owner.domain, enabled: true }],
    });
  });

  it.each([
    [{}, 'APIG.0301'],
    [{ 'X-Auth-Token': '' }, 'APIG.0301'],
    [{ Authorization: 'Basic YTpi' }, 'APIG.0301'],
    [{ Authorization: 'SDK-HMAC-SHA256 Access=A, SignedHeaders=host, Signature=00' }, 'APIG.0301'],
    [{ 'X-Auth-Token': 'garbled' }, 'APIG.0307'],
    [{ 'X-Auth-Token': 'a'.repeat(6000) }, 'APIG.0307'],
  ] as const)('refuses %j', async (headers, code) => {
    expectError(await fetchReply(url('face-set-list'), { headers }), code);
  });

  it('refuses another project: FRS.0028; a token of no project: FRS.0002', async () => {
    const token = await tokenOf(service.owner);
    expectError(
      await fetchReply('/v2/another/face-sets', { headers: { 'X-Auth-Token': token } }),
      'FRS.0028',
    );
    const unscoped = await login(service.owner, {});
    const headers = { 'X-Auth-Token': unscoped.headers.get('X-Subject-Token') ?? '' };
    expectError(await fetchReply(url('face-set-list'), { headers }), 'FRS.0002');
  });
});

describe('3.4 answers', () => {
  it('unknown paths and methods are 404 APIG.0101', async () => {
    for (const [method, path] of [
      ['GET', '/v2'],
      ['GET', url('face-detect')],
      ['POST', `${url('face-set-list')}/a/b/c`],
      ['PATCH', url('face-set-list')],
    ] as const) {
      expectError(await fetchReply(path, { method }), 'APIG.0101');
    }
  });

  it.runIf(takesLargeBodies)('a body of more than 12 MB is 413 APIG.0201, whoever sends it', async () => {
    const body = Buffer.alloc(12 * 1024 * 1024 + 1, 0x20);
    expectError(await fetchReply(url('face-detect'), { method: 'POST', body }), 'APIG.0201');
  });

  it('Enterprise-Project-Id is accepted, and unknown parameters are ignored', async () => {
    const headers = { 'Enterprise-Project-Id': 'anything' };
    await done('face-set-list', { headers, query: 'unknown=1' });
  });

  it.runIf(process.env.FRS_CONTRACT_REMOTE !== '1')('the API describes itself', async () => {
    const { paths } = (await (await fetch(`${service.endpoint}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(paths)).toContain('/v2/{project_id}/face-detect');
    expect((await fetch(`${service.endpoint}/docs`)).headers.get('Content-Type')).toContain('text/html');
  });

  it('the subscriptions are shown', async () => {
    expect(await done('subscription-show')).toMatchObject({ search_service: { subscribe_status: true } });
  });
});
