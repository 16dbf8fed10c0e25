import { FrsError } from '@openfrs/contract';
import { memoryAccounts } from '@openfrs/testing/memory-accounts';
import { lighterScrypt, quickDerivation } from '@openfrs/testing/passwords';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  type AuthRequest,
  authenticate,
  authorise,
  createAccount,
  createToken,
  IamError,
  type LoginQueue,
  loginGuard,
  newSecretKey,
  secretKeys,
  setPassword,
} from './index.ts';

const now = new Date('2026-05-04T03:02:01.234Z');
const accounts = memoryAccounts();
const [oldKey, newKey] = [newSecretKey(), newSecretKey()];
const secrets = secretKeys(oldKey);
const spec = { domain: 'acme', user: 'ann', password: 'correct horse', project: 'eu-west-0' };
const owner = await createAccount(spec, { accounts, secrets, derivation: quickDerivation });
const other = await createAccount(
  { ...spec, domain: 'other' },
  { accounts, secrets, derivation: quickDerivation },
);

/** Every login at once: who waits for whom is the host's choice. */
const loginQueue: LoginQueue = { lookUp: (_source, work) => work(), run: (_login, work) => work() };
const deps = () => ({
  accounts,
  secrets,
  logins: loginGuard({ hit: async () => 1 }),
  loginQueue,
  derivation: quickDerivation,
});
const identity = { accounts, secrets, publicHosts: [], trustForwardedHost: false };
const from = { source: '192.0.2.1', now };

function body(change: { user?: object; scope?: object; beside?: object; methods?: string[] } = {}): object {
  const user = { name: 'ann', password: 'correct horse', domain: { name: 'acme' }, ...change.user };
  return {
    auth: {
      identity: { methods: change.methods ?? ['password'], password: { user } },
      ...(change.scope === undefined ? {} : { scope: change.scope }),
    },
    ...(change.beside === undefined ? {} : { scope: change.beside }),
  };
}

const project = { project: { name: 'eu-west-0' } };

function withToken(token: string, at = now): AuthRequest {
  return {
    method: 'GET',
    rawPath: '/',
    rawQuery: '',
    headers: new Headers({ 'X-Auth-Token': token, Authorization: 'anything' }),
    bodySha256: async () => '',
    now: at,
  };
}

async function outcome(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'ok',
    (error: unknown) => {
      if (error instanceof FrsError) return error.code;
      if (error instanceof IamError) return error.body;
      throw error;
    },
  );
}

const unauthorized = (message: string) => ({ error: { code: 401, message, title: 'Unauthorized' } });

describe('a token is got', () => {
  it('with name and password, scoped to a project by its name', async () => {
    const { token, body: answer } = await createToken(body({ scope: project }), from, deps());
    const acme = { id: owner.domainId, name: 'acme' };
    expect(answer).toEqual({
      token: {
        expires_at: '2026-05-05T03:02:01.000000Z',
        issued_at: '2026-05-04T03:02:01.000000Z',
        methods: ['password'],
        catalog: [],
        roles: [{ id: '0', name: 'te_admin' }],
        project: { id: owner.projectId, name: 'eu-west-0', domain: acme },
        user: { id: owner.userId, name: 'ann', domain: acme, password_expires_at: '' },
      },
    });
    expect(token.length).toBeLessThan(500);
    const caller = await authenticate(withToken(token), identity);
    expect(caller).toEqual({
      kind: 'token',
      userId: owner.userId,
      domainId: owner.domainId,
      projectId: owner.projectId,
    });
    expect((await authorise(caller, owner.projectId, { accounts })).id).toBe(owner.projectId);
  });

  it.each<[string, object]>([
    ['the scope beside auth', body({ beside: project })],
    ['the project by id', body({ scope: { project: { id: owner.projectId } } })],
    [
      'the project with its domain',
      body({ scope: { project: { name: 'eu-west-0', domain: { name: 'acme' } } } }),
    ],
    [
      'the user by id',
      body({ user: { id: owner.userId, name: undefined, domain: undefined }, scope: project }),
    ],
    ['the domain by id', body({ user: { domain: { id: owner.domainId } }, scope: project })],
  ])('with %s', async (_what, request) => {
    const { token } = await createToken(request, from, deps());
    expect(await authenticate(withToken(token), identity)).toMatchObject({ projectId: owner.projectId });
  });

  it.each<[string, object]>([
    ['no scope', body()],
    ['a domain as scope', body({ scope: { domain: { name: 'acme' } } })],
  ])('that opens no project with %s', async (_what, request) => {
    const { token } = await createToken(request, from, deps());
    const caller = await authenticate(withToken(token), identity);
    expect(await outcome(authorise(caller, owner.projectId, { accounts }))).toBe('FRS.0002');
  });
});

describe('no token is given', () => {
  it.each<[string, object]>([
    ['a wrong password', body({ user: { password: 'wrong' } })],
    ['an empty password', body({ user: { password: '' } })],
    ['an endless password', body({ user: { password: 'x'.repeat(1_000_000) } })],
    ['an unknown user', body({ user: { name: 'bob' } })],
    ['an unknown domain', body({ user: { domain: { name: 'nowhere' } } })],
    ['the name of another id', body({ user: { id: other.userId, password: 'wrong' } })],
  ])('for %s: 401', async (_what, request) => {
    expect(await outcome(createToken(request, from, deps()))).toEqual(
      unauthorized('The username or password is wrong.'),
    );
  });

  it.each<[string, object]>([
    ['an unknown project', { project: { name: 'nowhere' } }],
    ['the project of another domain', { project: { id: other.projectId } }],
    ['the domain of others', { project: { name: 'eu-west-0', domain: { name: 'other' } } }],
    ['another domain', { domain: { id: other.domainId } }],
  ])('for a scope that is %s: 401', async (_what, scope) => {
    expect(await outcome(createToken(body({ scope }), from, deps()))).toMatchObject({ error: { code: 401 } });
  });

  it.each<[string, unknown]>([
    ['no JSON', undefined],
    ['null', null],
    ['a list', []],
    ['no identity', { auth: {} }],
    ['another method', body({ methods: ['token'] })],
    ['no user', { auth: { identity: { methods: ['password'], password: {} } } }],
    ['a number as password', body({ user: { password: 1 } })],
    ['a user without a domain', body({ user: { domain: undefined } })],
    ['two scopes', body({ scope: { ...project, domain: { name: 'acme' } } })],
    ['a project without a name', body({ scope: { project: {} } })],
  ])('for a body that is %s: 400', async (_what, request) => {
    expect(await outcome(createToken(request, from, deps()))).toMatchObject({
      error: { code: 400, title: 'Bad Request' },
    });
  });

  it('after too many wrong passwords in a minute, to that source and account', async () => {
    let failures = 0;
    const guarded = {
      ...deps(),
      logins: loginGuard({ hit: async () => ++failures }, { perSource: 3, perAccount: 50 }),
    };
    const attempt = (password: string, source = 'a', at = now) =>
      outcome(createToken(body({ user: { password } }), { source, now: at }, guarded));
    const wrongs = await Promise.all([1, 2, 3, 4, 5].map(() => attempt('wrong')));
    expect(wrongs.filter((code) => code === 'FRS.0033')).toHaveLength(2);
    expect(await attempt('correct horse')).toBe('FRS.0033');
    expect(await attempt('correct horse', 'b')).toBe('ok');
    expect(await attempt('correct horse', 'a', new Date(now.getTime() + 60_000))).toBe('ok');
  });

  it('after too many wrong passwords of one source, whatever the account', async () => {
    const counts = new Map<string, number>();
    const hit = async (key: string) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts.get(key) ?? 0;
    };
    const guarded = {
      ...deps(),
      logins: loginGuard({ hit }, { perSource: 3, perAccount: 50, fromSource: 4 }),
    };
    const attempt = (name: string, password: string, source: string) =>
      outcome(createToken(body({ user: { name, password } }), { source, now }, guarded));
    for (const name of ['bob', 'eve', 'joe', 'sue']) {
      expect(await attempt(name, 'wrong', 'a')).toMatchObject({ error: { code: 401 } });
    }
    expect(await attempt('ann', 'correct horse', 'a')).toBe('FRS.0033');
    expect(await attempt('ann', 'correct horse', 'b')).toBe('ok');
  });

  it('sooner or later according to whether there is such a user', async () => {
    const work = async (user: object) => {
      const before = process.cpuUsage();
      const whole = { ...deps(), derivation: lighterScrypt };
      for (let times = 0; times < 8; times++) await outcome(createToken(body({ user }), from, whole));
      const { user: own, system } = process.cpuUsage(before);
      return own + system;
    };
    await work({ password: 'wrong' });
    const known = await work({ password: 'wrong' });
    const unknown = await work({ name: 'bob', password: 'wrong' });
    expect(unknown / known).toBeGreaterThan(0.4);
    expect(unknown / known).toBeLessThan(2.5);
  });
});

describe('failed logins', () => {
  /** A guard that closes after some, and what was asked of counters, accounts and scrypt. */
  function guarded(limits: Parameters<typeof loginGuard>[1]) {
    const counts = new Map<string, number>();
    const asked: string[] = [];
    let hashes = 0;
    const hit = async (key: string) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts.get(key) ?? 0;
    };
    const watched = Object.fromEntries(
      Object.entries(accounts).map(([name, look]) => [
        name,
        (...args: never[]) => {
          asked.push(name);
          return (look as (...all: never[]) => unknown)(...args);
        },
      ]),
    ) as unknown as typeof accounts;
    const derivation = {
      derive: async () => {
        hashes += 1;
        return new Uint8Array(32);
      },
    };
    const all = { ...deps(), accounts: watched, derivation, logins: loginGuard({ hit }, limits) };
    const attempt = (user: object, context: object = {}) =>
      outcome(createToken(body({ user: { password: 'wrong', ...user } }), { ...from, ...context }, all));
    return { attempt, all, counts, asked, hashes: () => hashes };
  }
  const none = { name: undefined, domain: undefined };

  it('are counted together, however the user is named', async () => {
    const { attempt, hashes } = guarded({ perSource: 6 });
    const spellings = [
      {},
      { domain: { id: owner.domainId } },
      { domain: { id: owner.domainId, name: 'anything' } },
      { domain: { id: owner.domainId, name: 'something else' } },
      { ...none, id: owner.userId },
      { id: owner.userId, name: 'bob' },
    ];
    for (const user of spellings) expect(await attempt(user)).toMatchObject({ error: { code: 401 } });
    for (const user of spellings) expect(await attempt(user)).toBe('FRS.0033');
    expect(hashes()).toBe(6);
  });

  it('of users that do not exist are counted alike', async () => {
    const { attempt } = guarded({ perSource: 4 });
    const spellings = [
      { name: 'zo\u00eb' },
      { name: 'zoe\u0308' },
      { name: 'zo\u00eb', domain: { id: owner.domainId } },
      { name: 'zo\u00eb', domain: { id: owner.domainId, name: 'x' } },
    ];
    for (const user of spellings) expect(await attempt(user)).toMatchObject({ error: { code: 401 } });
    for (const user of spellings) expect(await attempt(user)).toBe('FRS.0033');
    expect(await attempt({ name: 'sue' })).toMatchObject({ error: { code: 401 } });
  });

  it('with names that nobody can have are 401, looked up as any other, and counted under short keys', async () => {
    const { attempt, counts, asked } = guarded({});
    await attempt({});
    const usual = asked.splice(0);
    for (const odd of [
      'x'.repeat(1024),
      'é'.repeat(1024),
      ' ',
      '\ud800',
      '\0',
      '-'.repeat(65),
      'a#b',
      '__proto__',
    ]) {
      for (const user of [{ name: odd }, { domain: { name: odd } }, { name: odd, domain: { name: odd } }]) {
        expect(await attempt(user)).toEqual(unauthorized('The username or password is wrong.'));
        expect(asked.splice(0)).toEqual(usual);
      }
      expect(await attempt({ ...none, id: odd })).toEqual(unauthorized('The username or password is wrong.'));
      expect(asked.splice(0)).toEqual(['user', 'domain']);
    }
    expect(Math.max(...[...counts.keys()].map((key) => Buffer.byteLength(key)))).toBeLessThan(200);
  });

  it('say until when the account is closed, and no password is hashed until then', async () => {
    const { all, hashes } = guarded({ perSource: 1 });
    const attempt = () => createToken(body({ user: { password: 'wrong' } }), from, all);
    await expect(attempt()).rejects.toThrow(IamError);
    await expect(attempt()).rejects.toMatchObject({ code: 'FRS.0033', retryAfterSeconds: 59 });
    expect(hashes()).toBe(1);
  });

  it('of a source that failed or waits too often are refused before the account is looked up', async () => {
    const { all, asked, attempt } = guarded({ fromSource: 1 });
    await attempt({});
    asked.splice(0);
    await expect(createToken(body(), from, all)).rejects.toMatchObject({ code: 'FRS.0033' });
    const full: LoginQueue = {
      lookUp: async () => {
        throw new FrsError('FRS.0033');
      },
      run: (_login, work) => work(),
    };
    const other = { ...from, source: '192.0.2.99' };
    await expect(createToken(body(), other, { ...all, loginQueue: full })).rejects.toMatchObject({
      code: 'FRS.0033',
    });
    expect(asked).toEqual([]);
    await outcome(createToken(body(), other, all));
    expect(asked).toContain('userByName');
  });

  it('of one account from one source are not tried all at once', async () => {
    const { attempt, hashes } = guarded({ pendingPerSource: 2 });
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => attempt({}, { source: '192.0.2.1' })));
    expect(outcomes.filter((code) => code === 'FRS.0033')).toHaveLength(2);
    expect(hashes()).toBe(2);
    expect(await attempt({})).toMatchObject({ error: { code: 401 } });
  });

  it('are none where no password was looked at', async () => {
    const { all, counts } = guarded({ perSource: 1 });
    const full: LoginQueue = {
      lookUp: (_source, work) => work(),
      run: async () => {
        throw new FrsError('FRS.0033');
      },
    };
    for (let times = 0; times < 3; times++) {
      const refused = createToken(body(), from, { ...all, loginQueue: full });
      expect(await outcome(refused)).toBe('FRS.0033');
    }
    expect(counts.size).toBe(0);
    expect(await outcome(createToken(body(), from, all))).not.toBe('FRS.0033');
  });
});

describe('a token', () => {
  const get = async () => (await createToken(body({ scope: project }), from, deps())).token;
  const used = (token: string, at = now, keys = secrets) =>
    outcome(authenticate(withToken(token, at), { ...identity, secrets: keys }));

  it('is good for 24 hours', async () => {
    const token = await get();
    const hours = (count: number) => new Date(Math.floor(now.getTime() / 1000) * 1000 + count * 3_600_000);
    expect(await used(token, new Date(hours(24).getTime() - 1000))).toBe('ok');
    expect(await used(token, hours(24))).toBe('APIG.0307');
  });

  it('is refused when any letter is another', async () => {
    const token = await get();
    const last = token.length - 1;
    for (let index = 0; index < last; index += 1) {
      const altered = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
      expect([index, await used(altered)]).toEqual([index, 'APIG.0307']);
    }
  });

  it('is refused when garbled, unsigned or signed by others', async () => {
    const claims = { dom: owner.domainId, pwd: 'x', prj: owner.projectId };
    const forged = () =>
      new SignJWT(claims).setSubject(owner.userId).setIssuedAt(now).setExpirationTime('1h');
    const strange = new Uint8Array(32);
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
    const { id, key } = secrets.signing;
    const tokens = [
      'x',
      'a.b.c',
      none,
      'é'.repeat(100),
      'a'.repeat(100_000),
      await forged().setProtectedHeader({ alg: 'HS256', kid: id }).sign(strange),
      await forged().setProtectedHeader({ alg: 'HS256', kid: 'other' }).sign(key),
      await forged()
        .setProtectedHeader({ alg: 'HS512', kid: id })
        .sign(Buffer.concat([key, key])),
    ];
    for (const token of tokens.map((each) => Buffer.from(each).toString('latin1'))) {
      expect([token.slice(0, 40), await used(token)]).toEqual([token.slice(0, 40), 'APIG.0307']);
    }
  });

  it('outlives a new key, until the old one is taken away', async () => {
    const token = await get();
    expect(await used(token, now, secretKeys(`${newKey},${oldKey}`))).toBe('ok');
    expect(await used(token, now, secretKeys(newKey))).toBe('APIG.0307');
  });

  it('may not be used when its user or domain is disabled or removed', async () => {
    const token = await get();
    const user = await accounts.user(owner.userId);
    const domain = await accounts.domain(owner.domainId);
    if (user === undefined || domain === undefined) throw new Error('no account');
    await accounts.putUser({ ...user, enabled: false }, 'existing');
    expect(await used(token)).toBe('FRS.0002');
    await accounts.removeUser(user.id);
    expect(await used(token)).toBe('FRS.0002');
    await accounts.putUser(user, 'new');
    await accounts.putDomain({ ...domain, enabled: false }, 'existing');
    expect(await used(token)).toBe('FRS.0002');
    await accounts.putDomain(domain, 'existing');
    expect(await used(token)).toBe('ok');
  });

  it('ends with the password it was got with', async () => {
    const token = await get();
    const user = await accounts.user(owner.userId);
    if (user === undefined) throw new Error('no user');
    await setPassword(user, 'another one', accounts, quickDerivation);
    expect(await used(token)).toBe('APIG.0307');
    await accounts.putUser(user, 'existing');
  });

  it('opens its own project only, while that one is enabled', async () => {
    const caller = await authenticate(withToken(await get()), identity);
    const opened = (id: string) => outcome(authorise(caller, id, { accounts }));
    expect(await opened(other.projectId)).toBe('FRS.0028');
    expect(await opened('nonsense')).toBe('FRS.0028');
    const own = await accounts.project(owner.projectId);
    if (own === undefined) throw new Error('no project');
    await accounts.putProject({ ...own, enabled: false }, 'existing');
    expect(await opened(owner.projectId)).toBe('FRS.0002');
    await accounts.putProject(own, 'existing');
    expect(await opened(owner.projectId)).toBe('ok');
  });
});

it('a signature opens every project of its account, and of no other', async () => {
  const caller = { kind: 'signature', userId: owner.userId, domainId: owner.domainId } as const;
  const opened = (id: string, projectId?: string) =>
    outcome(authorise(projectId === undefined ? caller : { ...caller, projectId }, id, { accounts }));
  expect(await opened(owner.projectId)).toBe('ok');
  expect(await opened(owner.projectId, owner.projectId)).toBe('ok');
  expect(await opened(owner.projectId, other.projectId)).toBe('FRS.0028');
  expect(await opened(other.projectId)).toBe('FRS.0028');
  expect(await opened('nonsense')).toBe('FRS.0028');
});
