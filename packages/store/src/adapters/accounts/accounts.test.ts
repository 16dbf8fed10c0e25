import {
  AccountConflict,
  type ApiToken,
  changeProject,
  createAccessKey,
  createAccount,
  createApiToken,
  createDomain,
  createUser,
  domainNamed,
  newSecretKey,
  type Project,
  type ProjectChange,
  projectNamed,
  removeUser,
  revokeApiToken,
  rotateAccessKey,
  secretKeys,
  setOperator,
  setPassword,
  type User,
  userNamed,
} from '@openfrs/core';
import { startInThread } from '@openfrs/embedded/in-thread';
import { quickDerivation } from '@openfrs/testing/passwords';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createClients } from '../../dynamodb/clients.ts';
import { openTable } from '../../dynamodb/table.ts';
import { createTables } from '../../dynamodb/tables.ts';
import { dynamodbTokenUses } from '../token-uses.ts';
import { dynamodbAccounts } from './accounts.ts';

const embedded = await startInThread();
const clients = createClients({ ...embedded, credentials: embedded });
await createTables(clients.dynamodb, ['accounts']);
afterAll(async () => {
  clients.destroy();
  await embedded.stop();
});

const accounts = dynamodbAccounts(clients.dynamodb, 'accounts');
const secrets = secretKeys(newSecretKey());
const deps = { accounts, secrets, derivation: quickDerivation };
const userKey = (id: string) => ({ pk: `USER#${id}`, sk: 'USER' });
const fresh = (() => {
  let count = 0;
  return () => `domain ${++count}`;
})();

describe('an account', () => {
  it('is found by every id and name it has', async () => {
    const name = fresh();
    const made = await createAccount(
      { domain: name, user: 'änn', project: 'eu-west-0', buckets: ['media'], services: ['detect'] },
      deps,
    );
    expect(await accounts.domainByName(name)).toEqual({ id: made.domainId, name, enabled: true });
    expect(await accounts.domain(made.domainId)).toEqual(await accounts.domainByName(name));
    const user = await accounts.userByName(made.domainId, 'änn');
    expect(user).toMatchObject({ id: made.userId, domainId: made.domainId, enabled: true });
    expect(await accounts.user(made.userId)).toEqual(user);
    expect(await accounts.users(made.domainId)).toEqual([user]);
    const [project] = await accounts.projects(made.domainId);
    expect(project).toMatchObject({ id: made.projectId, buckets: ['media'], frozen: false });
    expect(Object.keys(project?.subscriptions ?? {})).toEqual(['detect']);
    expect(await accounts.project(made.projectId)).toEqual(project);
    const key = await accounts.accessKey(made.ak);
    expect(await accounts.accessKeys(made.userId)).toEqual([key]);
    expect(secrets.open(key?.sealedSecret ?? '', made.ak)).toBe(made.sk);
    expect(JSON.stringify([key, user])).not.toContain(made.sk);
    expect((await accounts.domains()).map(({ id }) => id)).toContain(made.domainId);
  });

  it('is made once', async () => {
    const spec = { domain: fresh(), user: 'ann', project: 'p' };
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => createAccount(spec, deps)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(createAccount(spec, deps)).rejects.toThrow(AccountConflict);
  });

  it('can be made again with the same key after a try that was cut off', async () => {
    const spec = { domain: fresh(), user: 'ann', project: 'p', accessKey: { ak: 'MYKEY', sk: 'secret' } };
    const cutOff = { ...accounts, putDomain: async () => Promise.reject(new Error('gone')) };
    await expect(createAccount(spec, { accounts: cutOff, secrets })).rejects.toThrow('gone');
    expect(await createAccount(spec, deps)).toMatchObject(spec.accessKey);
  });
});

describe('a name', () => {
  it('is taken once in its domain, by the first of many at the same time', async () => {
    const domain = await createDomain(fresh(), accounts);
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => createUser(domain, 'ann', undefined, accounts, quickDerivation)),
    );
    const made = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value.user] : []));
    expect(made).toHaveLength(1);
    expect(await accounts.users(domain.id)).toEqual(made);
    await createUser(await createDomain(fresh(), accounts), 'ann', undefined, accounts, quickDerivation);
  });

  it('can be changed and is free then', async () => {
    const domain = await createDomain(fresh(), accounts);
    const { user } = await createUser(domain, 'ann', undefined, accounts, quickDerivation);
    const { user: bob } = await createUser(domain, 'bob', undefined, accounts, quickDerivation);
    await expect(accounts.putUser({ ...bob, name: 'ann' }, 'existing')).rejects.toThrow(AccountConflict);
    await accounts.putUser({ ...user, name: 'eve' }, 'existing');
    expect((await userNamed(domain, 'eve', accounts)).id).toBe(user.id);
    await expect(userNamed(domain, 'ann', accounts)).rejects.toThrow('does not exist');
    await accounts.putUser({ ...bob, name: 'ann' }, 'existing');
  });

  it('that was claimed by a writer that was cut off can be taken after a while', async () => {
    const name = fresh();
    const table = openTable(clients.dynamodb, 'accounts');
    await table.put({ pk: `DOMAINNAME#${name}`, sk: 'NAME', owner: 'nobody', at: Date.now() });
    expect(await accounts.domainByName(name)).toBeUndefined();
    await expect(createDomain(name, accounts)).rejects.toThrow(AccountConflict);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11_000);
    const domain = await createDomain(name, accounts);
    vi.restoreAllMocks();
    expect(await accounts.domainByName(name)).toEqual(domain);
  });

  it.each(['x'.repeat(3000), '', '\u0000', '中'.repeat(1000)])(
    'that is strange is nobody’s',
    async (name) => {
      expect(await accounts.domainByName(name)).toBeUndefined();
      expect(await accounts.userByName('d', name)).toBeUndefined();
      expect(await accounts.project(name)).toBeUndefined();
      expect(await accounts.accessKey(name)).toBeUndefined();
    },
  );
});

it('what is removed is gone from every place, and its name is free', async () => {
  const made = await createAccount({ domain: fresh(), user: 'ann', project: 'p' }, deps);
  const domain = await domainNamed(made.domain, accounts);
  await removeUser(
    await userNamed(domain, 'ann', accounts),
    accounts,
    dynamodbTokenUses(clients.dynamodb, 'accounts'),
  );
  expect(await accounts.user(made.userId)).toBeUndefined();
  expect(await accounts.accessKey(made.ak)).toBeUndefined();
  expect(await accounts.users(domain.id)).toEqual([]);
  await createUser(domain, 'ann', undefined, accounts, quickDerivation);
  await accounts.removeProject(made.projectId);
  expect(await accounts.projects(domain.id)).toEqual([]);
  await expect(accounts.removeProject(made.projectId)).rejects.toThrow(AccountConflict);
  await expect(accounts.removeUser('nobody')).rejects.toThrow(AccountConflict);
});

it('a change is of what is there only', async () => {
  const domain = await createDomain(fresh(), accounts);
  await expect(accounts.putDomain({ ...domain, id: 'other', name: fresh() }, 'existing')).rejects.toThrow(
    AccountConflict,
  );
  await accounts.putDomain({ ...domain, enabled: false }, 'existing');
  expect((await accounts.domain(domain.id))?.enabled).toBe(false);
});

describe('a change', () => {
  it('takes back none that is made at the same time', async () => {
    const made = await createAccount({ domain: fresh(), user: 'ann', project: 'p' }, deps);
    const buckets = Array.from({ length: 8 }, (_, at) => `bucket-${at}`);
    await Promise.all([
      ...buckets.map((bucket) =>
        changeProject({ id: made.projectId }, (now) => ({ buckets: [...now.buckets, bucket] }), accounts),
      ),
      changeProject({ id: made.projectId }, () => ({ frozen: true }), accounts),
    ]);
    const project = await accounts.project(made.projectId);
    expect(project?.buckets.toSorted()).toEqual(buckets);
    expect(project?.frozen).toBe(true);
  });

  it('of a password leaves a right and a user as they were taken away while it was hashed', async () => {
    const made = await createAccount({ domain: fresh(), user: 'ann', project: 'p' }, deps);
    await setOperator({ id: made.userId }, true, accounts);
    const user = (await accounts.user(made.userId)) as User;
    await setPassword(user, undefined, accounts, {
      async derive(...given) {
        await setOperator(user, false, accounts);
        await accounts.changeUser(user.id, (current) => ({ ...current, enabled: false }));
        return await quickDerivation.derive(...given);
      },
    });
    const changed = await accounts.user(user.id);
    expect(changed).toMatchObject({ isOperator: false, enabled: false });
    expect(changed?.passwordHash).not.toBe(user.passwordHash);
  });

  it('sees what came between its reading and its writing, whoever wrote it', async () => {
    const made = await createAccount({ domain: fresh(), user: 'ann', project: 'p' }, deps);
    const before = (await accounts.user(made.userId)) as User;
    const table = openTable(clients.dynamodb, 'accounts');
    const item = await table.get(userKey(made.userId));
    // As earlier versions wrote it.
    await table.put({ ...userKey(made.userId), schema: item?.schema, entity: item?.entity });
    const between = createClients({ ...embedded, credentials: embedded });
    let isFirst = true;
    between.dynamodb.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'PutItemCommand' && isFirst) {
            isFirst = false;
            await accounts.putUser({ ...before, enabled: false }, 'existing');
          }
          return await next(args);
        },
      { step: 'initialize' },
    );
    await setOperator(before, true, dynamodbAccounts(between.dynamodb, 'accounts'));
    between.destroy();
    expect(isFirst).toBe(false);
    expect(await accounts.user(made.userId)).toMatchObject({ enabled: false, isOperator: true });
  });

  it('of what is not there, or to a name that is taken, is refused', async () => {
    const domain = await createDomain(fresh(), accounts);
    const other = await createDomain(fresh(), accounts);
    await expect(accounts.changeUser('nobody', (user) => user)).rejects.toThrow('does not exist');
    await expect(accounts.changeDomain(domain.id, (own) => ({ ...own, name: other.name }))).rejects.toThrow(
      AccountConflict,
    );
    const renamed = await accounts.changeDomain(domain.id, (own) => ({ ...own, name: fresh() }));
    expect(await accounts.domainByName(renamed.name)).toEqual(renamed);
    expect(await accounts.domainByName(domain.name)).toBeUndefined();
  });
});

it('a project is changed within its limits', async () => {
  const made = await createAccount({ domain: fresh(), user: 'ann', project: 'p' }, deps);
  const project = await projectNamed('p', await domainNamed(made.domain, accounts), accounts);
  expect(await projectNamed(made.projectId, undefined, accounts)).toEqual(project);
  await changeProject(project, () => ({ frozen: true, buckets: ['a.b-c'], qualityGate: 0.25 }), accounts);
  expect(await accounts.project(project.id)).toMatchObject({
    frozen: true,
    buckets: ['a.b-c'],
    qualityGate: 0.25,
  });
  const refused = (change: ProjectChange) =>
    expect(changeProject(project, () => change, accounts)).rejects.toThrow(RangeError);
  await refused({ quotas: { ...project.quotas, faceSetCapacity: 15_000 } });
  await refused({ quotas: { ...project.quotas, faceSets: -1 } });
  await refused({ buckets: ['No Bucket'] });
  await refused({ qualityGate: Number.NaN });
});

it('a key is rotated: the new one works, the old one is disabled', async () => {
  const made = await createAccount({ domain: fresh(), user: 'ann', project: 'p' }, deps);
  const old = await accounts.accessKey(made.ak);
  if (old === undefined) throw new Error('no key');
  const pair = await rotateAccessKey(old, deps);
  expect((await accounts.accessKey(made.ak))?.enabled).toBe(false);
  expect(
    (await accounts.accessKeys(made.userId)).filter(({ enabled }) => enabled).map(({ id }) => id),
  ).toEqual([pair.ak]);
  await expect(createAccessKey({ id: made.userId, domainId: made.domainId }, deps, pair)).rejects.toThrow(
    AccountConflict,
  );
});

it('records of a newer layout are refused rather than misread', async () => {
  const table = openTable(clients.dynamodb, 'accounts');
  await table.put({ pk: 'PROJECT#new', sk: 'PROJECT', schema: 2, entity: {} });
  await expect(accounts.project('new')).rejects.toThrow('newer version');
});

describe('the last uses of API tokens', () => {
  it('are told to ten minutes, of those that were used', async () => {
    const uses = dynamodbTokenUses(clients.dynamodb, 'accounts');
    const first = new Date('2026-05-04T03:00:00Z');
    const minutes = (count: number) => new Date(first.getTime() + count * 60_000);
    const known = async () => (await uses.lastUses(['a', 'b'])).get('a')?.toISOString();
    uses.note('a', first);
    await expect.poll(known).toBe(first.toISOString());
    uses.note('a', minutes(9));
    uses.note('a', minutes(11));
    await expect.poll(known).toBe(minutes(11).toISOString());
    expect([...(await uses.lastUses(['a', 'b'])).keys()]).toEqual(['a']);
  });

  it('go with their tokens, and with their user', async () => {
    const uses = dynamodbTokenUses(clients.dynamodb, 'accounts');
    const account = await createAccount({ domain: fresh(), user: 'ann', project: 'here' }, deps);
    const user = (await accounts.user(account.userId)) as User;
    const project = (await accounts.project(account.projectId)) as Project;
    const tokens = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const spec = { name, days: 1, readOnly: true, faceSets: [] };
        return (await createApiToken(user, project, spec, { accounts })).token;
      }),
    );
    const ids = tokens.map(({ id }) => id);
    const known = async () => [...(await uses.lastUses(ids)).keys()].sort();
    for (const id of ids) uses.note(id, new Date());
    await expect.poll(known).toEqual(ids.toSorted());
    await revokeApiToken(tokens[0] as ApiToken, accounts, uses);
    expect(await known()).toEqual([ids[1]]);
    await removeUser(user, accounts, uses);
    expect(await known()).toEqual([]);
  });
});
