import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AccessKey, AccountsAdmin, ApiToken, Domain, Project, User } from '@openfrs/core';
import { openTable } from '../../dynamodb/table.ts';
import { type Collection, entityStore } from './entity-store.ts';

/*
 * Items, by partition and sort key:
 *   DOMAIN#id / DOMAIN, USER#id / USER, PROJECT#id / PROJECT,  KEY#ak / KEY, TOKEN#id / TOKEN   the entities
 *   DOMAINNAME#name, USERNAME#domain#name, PROJECTNAME#domain#name / NAME              unique names
 *   DOMAINS / DOMAIN#id, DOMAIN#id / USER#id, DOMAIN#id / PROJECT#id, USER#id / KEY#ak, USER#id / TOKEN#id  who belongs to whom
 */
const domainName = (name: string) => ({ pk: `DOMAINNAME#${name}`, sk: 'NAME' });
const userName = (domainId: string, name: string) => ({ pk: `USERNAME#${domainId}#${name}`, sk: 'NAME' });
const projectName = (domainId: string, name: string) => ({
  pk: `PROJECTNAME#${domainId}#${name}`,
  sk: 'NAME',
});

const domains: Collection<Domain> = {
  what: 'domain',
  key: (id) => ({ pk: `DOMAIN#${id}`, sk: 'DOMAIN' }),
  member: ({ id }) => ({ pk: 'DOMAINS', sk: `DOMAIN#${id}` }),
  name: ({ name }) => domainName(name),
};

const users: Collection<User> = {
  what: 'user',
  key: (id) => ({ pk: `USER#${id}`, sk: 'USER' }),
  member: ({ id, domainId }) => ({ pk: `DOMAIN#${domainId}`, sk: `USER#${id}` }),
  name: ({ name, domainId }) => userName(domainId, name),
};

const projects: Collection<Project> = {
  what: 'project',
  key: (id) => ({ pk: `PROJECT#${id}`, sk: 'PROJECT' }),
  member: ({ id, domainId }) => ({ pk: `DOMAIN#${domainId}`, sk: `PROJECT#${id}` }),
  name: ({ name, domainId }) => projectName(domainId, name),
};

const accessKeys: Collection<AccessKey> = {
  what: 'access key',
  key: (id) => ({ pk: `KEY#${id}`, sk: 'KEY' }),
  member: ({ id, userId }) => ({ pk: `USER#${userId}`, sk: `KEY#${id}` }),
};

const apiTokens: Collection<ApiToken> = {
  what: 'token',
  key: (id) => ({ pk: `TOKEN#${id}`, sk: 'TOKEN' }),
  member: ({ id, userId }) => ({ pk: `USER#${userId}`, sk: `TOKEN#${id}` }),
};

/** Accounts in a DynamoDB table of the same keys as the data table (`createTables`). Reads are consistent. */
export function dynamodbAccounts(client: DynamoDBClient, tableName: string): AccountsAdmin {
  const table = openTable(client, tableName);
  const domain = entityStore(table, domains);
  const user = entityStore(table, users);
  const project = entityStore(table, projects);
  const accessKey = entityStore(table, accessKeys);
  const apiToken = entityStore(table, apiTokens);
  return {
    domain: domain.get,
    user: user.get,
    project: project.get,
    accessKey: accessKey.get,
    apiToken: apiToken.get,
    domainByName: (name) => domain.named(domainName(name)),
    userByName: (domainId, name) => user.named(userName(domainId, name)),
    domains: () => domain.listed('DOMAINS', 'DOMAIN#'),
    users: (domainId) => user.listed(`DOMAIN#${domainId}`, 'USER#'),
    projects: (domainId) => project.listed(`DOMAIN#${domainId}`, 'PROJECT#'),
    accessKeys: (userId) => accessKey.listed(`USER#${userId}`, 'KEY#'),
    apiTokens: (userId) => apiToken.listed(`USER#${userId}`, 'TOKEN#'),
    putDomain: domain.put,
    putUser: user.put,
    putProject: project.put,
    putAccessKey: accessKey.put,
    putApiToken: apiToken.put,
    changeDomain: domain.change,
    changeUser: user.change,
    changeProject: project.change,
    changeAccessKey: accessKey.change,
    removeUser: user.remove,
    removeProject: project.remove,
    removeAccessKey: accessKey.remove,
    removeApiToken: apiToken.remove,
  };
}
