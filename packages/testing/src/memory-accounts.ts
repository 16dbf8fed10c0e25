import {
  type AccessKey,
  AccountConflict,
  type AccountsAdmin,
  type ApiToken,
  type Domain,
  type Project,
  type User,
} from '@openfrs/core';

/** Accounts in memory, for tests of what stands on them. */
export function memoryAccounts(): AccountsAdmin {
  const domains = new Map<string, Domain>();
  const users = new Map<string, User>();
  const projects = new Map<string, Project>();
  const keys = new Map<string, AccessKey>();
  const tokens = new Map<string, ApiToken>();
  function put<T extends { id: string }>(map: Map<string, T>, same: (a: T, b: T) => boolean) {
    return async (entity: T, expect: 'new' | 'existing'): Promise<void> => {
      if (expect === 'existing' && !map.has(entity.id)) throw new AccountConflict('missing', entity.id);
      const taken = [...map.values()].some((other) => other.id !== entity.id && same(other, entity));
      if (taken || (expect === 'new' && map.has(entity.id))) throw new AccountConflict('taken', entity.id);
      map.set(entity.id, entity);
    };
  }
  function change<T extends { id: string }>(
    map: Map<string, T>,
    write: (entity: T, expect: 'existing') => Promise<void>,
  ) {
    return async (id: string, changed: (entity: T) => T): Promise<T> => {
      const before = map.get(id);
      if (before === undefined) throw new AccountConflict('missing', id);
      const entity = changed(before);
      await write(entity, 'existing');
      return entity;
    };
  }
  const named = (a: User | Project, b: User | Project) => a.domainId === b.domainId && a.name === b.name;
  const puts = {
    putDomain: put(domains, (a, b) => a.name === b.name),
    putUser: put(users, named),
    putProject: put(projects, named),
    putAccessKey: put(keys, () => false),
    putApiToken: put(tokens, () => false),
  };
  return {
    ...puts,
    changeDomain: change(domains, puts.putDomain),
    changeUser: change(users, puts.putUser),
    changeProject: change(projects, puts.putProject),
    changeAccessKey: change(keys, puts.putAccessKey),
    domainByName: async (name) => [...domains.values()].find((domain) => domain.name === name),
    domain: async (id) => domains.get(id),
    userByName: async (domainId, name) =>
      [...users.values()].find((user) => user.domainId === domainId && user.name === name),
    user: async (id) => users.get(id),
    project: async (id) => projects.get(id),
    projects: async (domainId) => [...projects.values()].filter((project) => project.domainId === domainId),
    accessKey: async (id) => keys.get(id),
    apiToken: async (id) => tokens.get(id),
    domains: async () => [...domains.values()],
    users: async (domainId) => [...users.values()].filter((user) => user.domainId === domainId),
    accessKeys: async (userId) => [...keys.values()].filter((key) => key.userId === userId),
    apiTokens: async (userId) => [...tokens.values()].filter((token) => token.userId === userId),
    removeUser: async (id) => void users.delete(id),
    removeProject: async (id) => void projects.delete(id),
    removeAccessKey: async (id) => void keys.delete(id),
    removeApiToken: async (id) => void tokens.delete(id),
  };
}
