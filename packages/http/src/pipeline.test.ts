import { operations } from '@openfrs/contract';
import { FaceSetReplaced } from '@openfrs/core';
import { picture, startTestService, type TestService } from '@openfrs/testing/test-service';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let service: TestService;
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
  service = await startTestService();
});
afterAll(() => vi.restoreAllMocks());

const base64 = (...angles: number[]) => picture(...angles).toString('base64');
async function code(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const answer = await service.send(method, path, body, headers);
  return answer.body.error_code ?? answer.status;
}

it('no answer is stored or taken for another type: those with tokens, those of any operation, those that refuse', async () => {
  const answers = [await service.login('acme', { project: { name: 'region-1' } })];
  for (const { method, paths } of operations) {
    for (const headers of [{ 'X-Auth-Token': service.ownToken }, {}] as Record<string, string>[]) {
      const path = paths[0]
        .replace('{project_id}', service.owner.projectId)
        .replace('{face_set_name}', 'none');
      answers.push(await service.app.request(path, { method, headers }));
    }
  }
  expect(new Set(answers.map(({ status }) => status))).toContain(201);
  expect(new Set(answers.map(({ status }) => status))).toContain(401);
  for (const { headers } of answers) {
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).toBeTruthy();
  }
});

describe('the order of checks', () => {
  it('unknown paths and methods are 404 APIG.0101, before anything else', async () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/v2/x'],
      ['GET', `${service.base}/face-detect`],
      ['PUT', `${service.base}/face-sets`],
      ['PATCH', `${service.base}/face-sets/a`],
      ['OPTIONS', `${service.base}/face-sets`],
      ['POST', `${service.base}/face-detect/`],
      ['POST', '/v2//face-detect'],
      ['DELETE', '/v3/auth/tokens'],
    ] as const) {
      const answer = await service.send(method, path);
      expect([method, path, answer.status, answer.body?.error_code]).toEqual([
        method,
        path,
        404,
        'APIG.0101',
      ]);
    }
    expect((await service.app.request(`${service.base}/face-sets`, { method: 'HEAD' })).status).toBe(404);
  });

  it('size comes before authentication: 413 APIG.0201', async () => {
    const large = Buffer.alloc(12 * 1024 * 1024 + 1, 0x20);
    const headers = { 'X-Auth-Token': 'wrong', 'Content-Length': String(large.length) };
    const answer = await service.send('POST', `${service.base}/face-detect`, large, headers);
    expect([answer.status, answer.body.error_code]).toEqual([413, 'APIG.0201']);
  });

  it('authentication comes before the project, the project before the subscription', async () => {
    const path = '/v2/nobody/face-detect';
    expect(await code('POST', path, '{', { 'X-Auth-Token': '' })).toBe('APIG.0301');
    expect(await code('POST', path, '{', { 'X-Auth-Token': 'garbled' })).toBe('APIG.0307');
    expect(await code('POST', path, '{')).toBe('FRS.0028');
    expect(
      await code('POST', `${service.base}/face-detect`, '{', { 'X-Auth-Token': service.otherToken }),
    ).toBe('FRS.0028');
    const unscoped = (await service.login('acme')).headers.get('X-Subject-Token') ?? '';
    expect(await code('POST', `${service.base}/face-detect`, '{', { 'X-Auth-Token': unscoped })).toBe(
      'FRS.0002',
    );
  });

  it('subscription comes before the rate limit, the rate limit before the body', async () => {
    const before = await service.changeProject({ subscriptions: {}, frozen: true });
    const path = `${service.base}/face-detect`;
    expect(await code('POST', path, '{')).toBe('FRS.0019');
    await service.changeProject({ subscriptions: { search: '2026-01-01T00:00:00Z' } });
    expect(await code('POST', path, '{')).toBe('FRS.0020');
    await service.changeProject({ subscriptions: before.subscriptions });
    expect(await code('POST', path, '{')).toBe('FRS.0202');
    expect((await service.send('GET', `/v1/${service.owner.projectId}/subscribe`)).status).toBe(200);
    await service.changeProject({ frozen: false, quotas: { ...before.quotas, requestsPerMinute: 2 } });
    const first = await service.send('POST', path, { image_base64: '' });
    expect([first.body.error_code, first.headers.get('X-ratelimit-used')]).toEqual(['FRS.0015', '1']);
    const second = await service.send('POST', path, { image_base64: base64(0) });
    expect(second.status).toBe(200);
    expect(second.headers.get('X-ratelimit')).toBe('2');
    expect(second.headers.get('X-ratelimit-used')).toBe('0');
    expect(second.headers.get('X-ratelimit-window')).toBe('minute');
    const third = await service.send('POST', path, { image_base64: base64(0) });
    expect([third.status, third.body.error_code]).toEqual([400, 'FRS.0033']);
    expect(third.headers.get('X-ratelimit-used')).toBe('0');
    await service.changeProject({ quotas: before.quotas });
  });

  it('presence comes before form, form before the face set, the face set before media, media before the rest', async () => {
    const search = `${service.base}/face-sets/nowhere/search`;
    expect(await code('POST', search, { top_n: 0 })).toBe('FRS.0011');
    expect(await code('POST', search, { top_n: 0, image_base64: '*' })).toBe('FRS.0012');
    expect(await code('POST', search, { image_base64: '*' })).toBe('FRS.0302');
    const name = service.newName();
    await service.send('POST', `${service.base}/face-sets`, { face_set_name: name });
    const here = `${service.base}/face-sets/${name}/search`;
    expect(await code('POST', here, { image_base64: '*', filter: '(' })).toBe('FRS.0015');
    expect(await code('POST', here, { image_base64: 'AAAA', filter: '(' })).toBe('FRS.0016');
    expect(await code('POST', here, { image_base64: base64(), filter: '(' })).toBe('FRS.0029');
    expect(await code('POST', here, { image_base64: base64() })).toBe('FRS.0304');
  });
});

describe('answers', () => {
  it('carry a request id and the type of the reference, errors too', async () => {
    for (const answer of [
      await service.send('GET', `${service.base}/face-sets`),
      await service.send('POST', `${service.base}/face-detect`, '{'),
      await service.send('GET', '/nowhere'),
    ]) {
      expect(answer.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}-\d{13}-.+/);
      expect(answer.headers.get('Content-Type')).toBe('application/json; charset=UTF-8');
    }
  });

  it('an unexpected fault is 500 FRS.0018 with the request id; its stack is logged, not sent', async () => {
    const failing = vi.spyOn(service.vision, 'detect').mockRejectedValueOnce(new Error('secret detail'));
    const logged = vi.mocked(console.error);
    logged.mockClear();
    const answer = await service.send('POST', `${service.base}/face-detect`, { image_base64: base64(0) });
    expect([answer.status, answer.body.error_code]).toEqual([500, 'FRS.0018']);
    expect(answer.body.error_msg).toContain(answer.headers.get('X-Request-Id'));
    expect(answer.text).not.toContain('secret detail');
    expect(logged.mock.calls.join()).toContain('secret detail');
    failing.mockRestore();
  });

  it('come once more from the set that took the place of one under the request, and not a third time', async () => {
    const replaced = vi.spyOn(service.vision, 'detect').mockRejectedValueOnce(new FaceSetReplaced());
    const again = await service.send('POST', `${service.base}/face-detect`, { image_base64: base64(0) });
    expect([again.status, replaced.mock.calls.length]).toEqual([200, 2]);
    replaced.mockRejectedValue(new FaceSetReplaced());
    const twice = await service.send('POST', `${service.base}/face-detect`, { image_base64: base64(0) });
    expect([twice.body.error_code, twice.headers.get('Retry-After')]).toEqual(['FRS.0033', '1']);
    replaced.mockRestore();
  });

  it('each write one line to the audit log, without tokens or pictures', async () => {
    const logged = vi.mocked(console.log);
    logged.mockClear();
    await service.send('POST', `${service.base}/face-detect`, { image_base64: base64(0) });
    expect(logged).toHaveBeenCalledTimes(1);
    const line = String(logged.mock.calls[0]?.[0]);
    expect(JSON.parse(line)).toMatchObject({
      operation: 'face-detect',
      project_id: service.owner.projectId,
      status: 200,
    });
    expect(line).not.toContain(service.ownToken);
    expect(line).not.toContain(base64(0));
  });
});

describe('IAM', () => {
  it('gives a token with 201, and refuses a wrong password in its own form', async () => {
    const made = await service.login('acme', { project: { name: 'region-1' } });
    expect(made.status).toBe(201);
    expect(made.headers.get('X-Subject-Token')).toBeTruthy();
    const refused = await service.login('nobody');
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({
      error: { code: 401, message: expect.any(String), title: 'Unauthorized' },
    });
    const malformed = await service.app.request('/v3/auth/tokens', { method: 'POST', body: '{' });
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toEqual({
      error: { code: 400, message: expect.any(String), title: 'Bad Request' },
    });
  });

  it('lists the projects and the account of the caller', async () => {
    for (const path of ['/v3/projects', '/v3/auth/projects']) {
      const { projects } = (await service.send('GET', `${path}?name=region-1`)).body;
      expect(projects).toHaveLength(1);
      expect(projects[0]).toMatchObject({ id: service.owner.projectId, name: 'region-1' });
    }
    expect((await service.send('GET', '/v3/projects?name=other')).body.projects).toEqual([]);
    expect((await service.send('GET', '/v3/auth/domains')).body.domains).toHaveLength(1);
    expect(await code('GET', '/v3/projects', undefined, { 'X-Auth-Token': '' })).toBe('APIG.0301');
  });
});
