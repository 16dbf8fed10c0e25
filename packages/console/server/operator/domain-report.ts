import { AccountConflict, type AccountsAdmin, quotaLimits, type TokenUses } from '@openfrs/core';
import type { DomainReport, DomainRow } from './reports.ts';

/** Every domain, by name. */
export async function domainRows(accounts: Pick<AccountsAdmin, 'domains'>): Promise<DomainRow[]> {
  const rows = (await accounts.domains()).map(({ id, name, enabled }) => ({ id, name, enabled }));
  return rows.sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * A domain and all that belongs to it, field by field: what is added to a record some day is not told by itself.
 * @param requestsOf a project's requests of the last hour
 * @throws AccountConflict unknown
 */
export async function domainReport(
  id: string,
  {
    accounts,
    tokenUses,
  }: { readonly accounts: AccountsAdmin; readonly tokenUses: Pick<TokenUses, 'lastUses'> },
  requestsOf: (projectId: string) => { readonly requests: number; readonly errors: number },
): Promise<DomainReport> {
  const domain = await accounts.domain(id);
  if (domain === undefined) throw new AccountConflict('missing', `The domain "${id}"`);
  const [users, projects] = await Promise.all([accounts.users(id), accounts.projects(id)]);
  const ofAll = async <Row>(read: (userId: string) => Promise<Row[]>) =>
    (await Promise.all(users.map((user) => read(user.id)))).flat();
  const [keys, tokens] = await Promise.all([ofAll(accounts.accessKeys), ofAll(accounts.apiTokens)]);
  const uses = await tokenUses.lastUses(tokens.map((token) => token.id));
  return {
    id: domain.id,
    name: domain.name,
    enabled: domain.enabled,
    users: users.map(({ id, name, enabled, isOperator = false }) => ({ id, name, enabled, isOperator })),
    keys: keys.map(({ id: ak, userId, enabled }) => ({ ak, userId, enabled })),
    projects: projects.map(({ id, name, enabled, frozen, quotas }) => ({
      ...{ id, name, enabled, frozen, quotas },
      ...requestsOf(id),
    })),
    quotaLimits,
    tokens: tokens.map(({ id, name, userId, projectId, readOnly, faceSets, expiresAt }) => {
      const lastUse = uses.get(id)?.toISOString();
      return {
        ...{ id, name, userId, projectId, readOnly, expiresAt },
        ...(faceSets && { faceSets }),
        ...(lastUse && { lastUse }),
      };
    }),
  };
}
