import {
  cachedAccounts,
  createApiToken,
  type Project,
  setOperator,
  setPassword,
  type User,
} from '@openfrs/core';
import type { AuditLine } from '@openfrs/http';
import { parts } from '@openfrs/service';
import { quickDerivation } from '@openfrs/testing/passwords';
import { nodeClient } from '@openfrs/testing/signers';
import { startTestService, type TestService } from '@openfrs/testing/test-service';
import { Hono } from 'hono';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createUsageCounter } from '../usage-counter.ts';
import { accountChanges } from './account-changes.ts';
import { operatorApp } from './operator-app.ts';
import type { DomainReport, ServiceReport } from './reports.ts';

const about: ServiceReport = {
  version: '1.2.3',
  startedAt: '2026-01-01T00:00:00.000Z',
  model: 'm',
  memory: { process: 1, indexes: 2 },
  work: { running: 0, waiting: 0 },
  settings: [],
};

let service: TestService;
let app: Hono;
/** The same behind a cache, as a server has it; here what it holds stays for the whole test. */
let cachedApp: Hono;
const lines: AuditLine[] = [];
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  service = await startTestService();
  const ports = () => ({
    ...service.resolve(parts.pipelinePorts),
    accounts: service.accounts,
    faceSets: service.resolve(parts.faceSets),
    secrets: service.resolve(parts.secrets),
    tokenUses: service.resolve(parts.tokenUses),
    derivation: service.resolve(parts.keyDerivation),
    about: async () => about,
  });
  const usage = createUsageCounter();
  const onRequest = (line: AuditLine) => void lines.push(line);
  app = new Hono().route('/', service.app).route('/', operatorApp({ ports, onRequest }, usage));
  const cached = cachedAccounts(service.accounts, { ttlMs: 1e9 });
  const late = () => ({ ...ports(), identity: { ...ports().identity, accounts: cached } });
  cachedApp = new Hono().route('/', operatorApp({ ports: late, onRequest }, usage));
  await grant(true);
});
afterEach(() => grant(true));

const ann = async () => (await service.accounts.user(service.owner.userId)) as User;
const grant = async (allowed: boolean) => void (await setOperator(await ann(), allowed, service.accounts));

async function ask(
  path: string,
  given?: object,
  headers: Record<string, string> = { 'X-Auth-Token': service.ownToken },
  asked = app,
) {
  const answer = await asked.request(path, {
    method: given === undefined ? 'GET' : 'POST',
    headers,
    ...(given !== undefined && { body: JSON.stringify(given) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, headers: answer.headers, body: JSON.parse(text) };
}
const change = (name: string, given: object) => ask(`/console/operator/${name}`, given);
const domain = async (id = service.owner.domainId) =>
  (await ask(`/console/operator/domains/${id}`)).body as DomainReport;

describe('the operator’s right', () => {
  const reads = ['/console/operator/domains', '/console/operator/domains/x', '/console/operator/service'];
  const all: (readonly [string, object | undefined])[] = [
    ...reads.map((path) => [path, undefined] as const),
    ...Object.keys(accountChanges).map((name) => [`/console/operator/${name}`, {}] as const),
  ];
  const answers = (headers: () => Record<string, string>) =>
    Promise.all(all.map(async ([path, given]) => (await ask(path, given, headers())).body.error_code));

  test('is asked for at every path: another account’s user has none, nor who is not signed in', async () => {
    const refused = new Set(await answers(() => ({ 'X-Auth-Token': service.otherToken })));
    expect([...refused]).toEqual(['FRS.0002']);
    expect([...new Set(await answers(() => ({})))]).toEqual(['APIG.0301']);
    expect([...new Set(await answers(() => ({ 'X-Auth-Token': 'x' })))]).toEqual(['APIG.0307']);
    expect(new Set(await answers(() => ({ 'X-Auth-Token': service.ownToken })))).not.toContain('FRS.0002');
  });

  test('is not that of an API token, nor of a signature of the same user', async () => {
    const own = (await service.accounts.project(service.owner.projectId)) as Project;
    const spec = { name: 'door', days: 1, readOnly: false, faceSets: [] };
    const { text } = await createApiToken(await ann(), own, spec, { accounts: service.accounts });
    expect([...new Set(await answers(() => ({ 'X-Auth-Token': text })))]).toEqual(['FRS.0002']);
    for (const path of reads) {
      const request = { method: 'GET', endpoint: 'http://localhost', path };
      const project = { 'X-Project-Id': service.owner.projectId };
      const { headers } = nodeClient({ ...request, headers: project }, service.owner);
      const { body } = await ask(path, undefined, { ...headers, host: 'localhost' });
      expect([path, body.error_code]).toEqual([path, 'FRS.0002']);
    }
  });

  test('ends with the next request once it is taken away, or the user is disabled', async () => {
    expect((await ask('/console/operator/domains')).status).toBe(200);
    expect((await ask('/console/session')).body).toEqual({ isOperator: true, keepsCrops: false });
    await grant(false);
    expect((await ask('/console/operator/domains')).body.error_code).toBe('FRS.0002');
    expect((await ask('/console/session')).body).toEqual({ isOperator: false, keepsCrops: false });
    await grant(true);
    for (const [enabled, answer] of [
      [false, 'FRS.0002'],
      [true, undefined],
    ] as const) {
      await service.accounts.changeUser(service.owner.userId, (user) => ({ ...user, enabled }));
      expect((await ask('/console/operator/domains')).body.error_code).toBe(answer);
    }
  });

  describe('makes no change any more at once, although a cache does not know it yet, once', () => {
    const stored = () => service.accounts;
    let before: User;
    test.each([
      ['it was taken away', 'FRS.0002', () => grant(false), () => grant(true)],
      [
        'the user was disabled',
        'FRS.0002',
        () => stored().changeUser(service.owner.userId, (user) => ({ ...user, enabled: false })),
        () => stored().changeUser(service.owner.userId, (user) => ({ ...user, enabled: true })),
      ],
      [
        'the domain was disabled',
        'FRS.0002',
        () => stored().changeDomain(service.owner.domainId, (own) => ({ ...own, enabled: false })),
        () => stored().changeDomain(service.owner.domainId, (own) => ({ ...own, enabled: true })),
      ],
      [
        'the password was changed',
        'APIG.0307',
        async () => {
          before = await ann();
          await setPassword(before, undefined, stored(), quickDerivation);
        },
        () => stored().changeUser(before.id, () => before),
      ],
    ])('%s: %s', async (_, code, end, restore) => {
      const own = { 'X-Auth-Token': service.ownToken };
      const late = (name: string, given?: object) => ask(`/console/operator/${name}`, given, own, cachedApp);
      expect((await late('domains')).status).toBe(200);
      await end();
      try {
        expect((await late('domains')).status).toBe(200);
        const given = { projectId: service.stranger.projectId, frozen: true };
        const { enabled } = await ann();
        const tried = [
          await late('project-change', given),
          await late('user-enable', { userId: service.owner.userId, enabled: true }),
        ];
        expect(tried.map(({ body }) => body.error_code)).toEqual([code, code]);
        expect((await ann()).enabled).toBe(enabled);
        expect((await service.accounts.project(service.stranger.projectId))?.frozen).toBe(false);
      } finally {
        await restore();
      }
    });
  });
});

describe('an operator', () => {
  test('reads every domain and all that belongs to it, without what opens anything', async () => {
    const { domains } = (await ask('/console/operator/domains')).body;
    expect(domains.map(({ name }: { name: string }) => name)).toEqual(['acme', 'other']);
    const answer = await ask(`/console/operator/domains/${service.stranger.domainId}`);
    expect(answer.body).toMatchObject({
      name: 'other',
      users: [{ name: 'ann', enabled: true, isOperator: false }],
      keys: [{ ak: service.stranger.ak, enabled: true }],
      projects: [{ name: 'region-1', frozen: false, quotas: { faceSets: 10 }, requests: 0 }],
    });
    for (const secret of [service.stranger.sk, 'scrypt', 'sealed', 'Hash'])
      expect(answer.text).not.toContain(secret);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect((await ask('/console/operator/service')).body).toEqual(about);
  });

  test('makes an account that works, whose secrets no later answer has', async () => {
    const made = await change('account-create', { domain: 'newco', user: 'eve', project: 'eu' });
    const { domainId, password, sk, ak } = made.body;
    expect(await domain(domainId)).toMatchObject({ name: 'newco', keys: [{ ak }], users: [{ name: 'eve' }] });
    expect(JSON.stringify(await domain(domainId))).not.toContain(sk);
    const user = { name: 'eve', password, domain: { name: 'newco' } };
    const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } } } });
    expect((await app.request('/v3/auth/tokens', { method: 'POST', body })).status).toBe(201);
    const again = await change('account-create', { domain: 'newco', user: 'eve', project: 'eu' });
    expect([again.status, again.body.error_code]).toEqual([400, 'FRS.0012']);
  });

  test('makes users and keys, and disables them', async () => {
    const { userId } = (await change('user-create', { domainId: service.owner.domainId, name: 'bob' })).body;
    const { ak } = (await change('key-create', { userId })).body;
    await change('user-enable', { userId, enabled: false });
    await change('key-enable', { ak, enabled: false });
    const { users, keys } = await domain();
    expect(users.find(({ id }) => id === userId)).toMatchObject({ name: 'bob', enabled: false });
    expect(keys.find((key) => key.ak === ak)).toEqual({ ak, userId, enabled: false });
    await change('key-delete', { ak });
    expect((await domain()).keys.map((key) => key.ak)).not.toContain(ak);
    expect((await change('user-password', { userId })).body.password).toMatch(/.{12,}/);
  });

  test('changes quotas one by one, freezes a project, revokes a token', async () => {
    const { projectId } = service.owner;
    await change('project-change', { projectId, quotas: { faceSets: 3 } });
    await change('project-change', { projectId, frozen: true });
    const project = (await service.accounts.project(projectId)) as Project;
    expect(project).toMatchObject({ frozen: true, quotas: { faceSets: 3, faceSetCapacity: 100_000 } });
    await change('project-change', { projectId, frozen: false });
    const spec = { name: 'door', days: 1, readOnly: true, faceSets: ['visitors'] };
    const { token } = await createApiToken(await ann(), project, spec, { accounts: service.accounts });
    const listed = (await domain()).tokens.find(({ id }) => id === token.id);
    expect(listed).toMatchObject({ name: 'door', readOnly: true, faceSets: ['visitors'] });
    await change('token-revoke', { id: token.id });
    expect((await domain()).tokens.map(({ id }) => id)).not.toContain(token.id);
  });

  test('can change neither themselves nor another operator, nor make one', async () => {
    const { userId, domainId } = service.owner;
    const other = (await change('user-create', { domainId, name: 'carl' })).body.userId;
    await service.accounts.changeUser(other, (user) => ({ ...user, isOperator: true }));
    for (const operator of [userId, other]) {
      for (const enabled of [false, true])
        expect((await change('user-enable', { userId: operator, enabled })).body.error_code).toBe('FRS.0012');
      expect((await change('user-password', { userId: operator })).body.error_code).toBe('FRS.0012');
    }
    expect((await change('user-enable', { userId, enabled: true, isOperator: true })).body.error_code).toBe(
      'FRS.0012',
    );
  });

  test.each([
    ['user-password', { userId: 'nobody' }],
    ['key-create', {}],
    ['key-enable', { ak: 'none', enabled: false }],
    ['token-revoke', { id: 'none' }],
    ['user-create', { domainId: 'none', name: 'x' }],
    ['account-create', { domain: ' ', user: 'x', project: 'p' }],
    ['project-change', { projectId: 'none', frozen: true }],
  ])('is told what can not be: %s of %j is FRS.0012', async (name, given) => {
    const answer = await change(name, given);
    expect([answer.status, answer.body.error_code]).toEqual([400, 'FRS.0012']);
  });

  test.each([{ faceSetCapacity: 15_000 }, { faceSets: -1 }, { requestsPerMinute: 1.5 }, { other: 1 }])(
    'is refused the quota %j',
    async (quotas) => {
      const answer = await change('project-change', { projectId: service.owner.projectId, quotas });
      expect(answer.body.error_code).toBe('FRS.0012');
    },
  );

  test('leaves a line in the audit log for each change, with who made it and of what, and no secret', async () => {
    const { domainId, userId: operatorId, projectId } = service.owner;
    const first = lines.length;
    const spec = { name: 'door', days: 1, readOnly: true, faceSets: [] };
    const own = (await service.accounts.project(projectId)) as Project;
    const { text, token } = await createApiToken(await ann(), own, spec, { accounts: service.accounts });
    const made = (await change('user-create', { domainId, name: 'dora' })).body;
    const key = (await change('key-create', { userId: made.userId })).body;
    const reset = (await change('user-password', { userId: made.userId })).body;
    await change('key-enable', { ak: key.ak, enabled: false });
    await change('token-revoke', { id: text });
    await change('project-change', { projectId, frozen: false });
    await change('key-enable', { ak: reset.password, enabled: false });
    const told = lines.slice(first);
    expect(told.map(({ operation, target }) => [operation.slice('console-'.length), target])).toEqual([
      ['user-create', { domain_id: domainId, user_id: made.userId }],
      ['key-create', { user_id: made.userId, ak: key.ak }],
      ['user-password', { user_id: made.userId }],
      ['key-enable', { ak: key.ak }],
      ['token-revoke', { token_id: token.id }],
      ['project-change', { project_id: projectId }],
      ['key-enable', undefined],
    ]);
    expect(new Set(told.map(({ user_id }) => user_id))).toEqual(new Set([operatorId]));
    for (const secret of [made.password, key.sk, reset.password, text])
      expect(JSON.stringify(told)).not.toContain(secret);
  });
});
