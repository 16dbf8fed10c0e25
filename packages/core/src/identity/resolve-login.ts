import { createHash } from 'node:crypto';
import type { Accounts, Domain, User } from '../ports/accounts.ts';
import { isName } from './manage-users.ts';
import type { Named, TokenRequest } from './token-request.ts';

export interface ResolvedLogin {
  readonly user: User | undefined;
  /** The user's. */
  readonly domain: Domain | undefined;
  /** What its failures are counted by: the same for each way to name a user, and never longer than 80 characters. */
  readonly account: string;
}

/** No id and no name: looked up where there is nothing else to look up. */
const nobody = ' ';
const LONGEST_ID = 64;

/**
 * Whose login this is. A user by id, or by name in a domain by id or name; an unknown one by a digest of its names. As many
 * look-ups are made for an unknown one as for a known one.
 */
export async function resolveLogin(named: TokenRequest['user'], accounts: Accounts): Promise<ResolvedLogin> {
  const { user, canonical } = 'id' in named ? await byId(named.id, accounts) : await byName(named, accounts);
  const domain = await accounts.domain(user?.domainId ?? nobody);
  const account =
    user === undefined
      ? `unknown:${createHash('sha256').update(canonical).digest('hex')}`
      : `user:${user.id}`;
  return { user, domain: user === undefined ? undefined : domain, account };
}

/** A domain by id, else by name. One that no domain can have is not asked for. */
export async function findDomain(domain: Named, accounts: Accounts): Promise<Domain | undefined> {
  return 'id' in domain
    ? await accounts.domain(possibleId(domain.id))
    : await accounts.domainByName(possibleName(domain.name));
}

async function byId(id: string, accounts: Accounts) {
  return { user: await accounts.user(possibleId(id)), canonical: JSON.stringify(['id', id]) };
}

async function byName({ name, domain: of }: { name: string; domain: Named }, accounts: Accounts) {
  const domain = await findDomain(of, accounts);
  const user = await accounts.userByName(domain?.id ?? nobody, possibleName(name));
  const owner = domain?.id ?? ('id' in of ? ['id', of.id] : ['name', of.name.normalize('NFC')]);
  return {
    user: domain === undefined ? undefined : user,
    canonical: JSON.stringify(['name', owner, name.normalize('NFC')]),
  };
}

/** Names are kept in NFC. */
function possibleName(name: string): string {
  return isName(name) ? name.normalize('NFC') : nobody;
}

function possibleId(id: string): string {
  return id.length <= LONGEST_ID && isName(id) ? id : nobody;
}
