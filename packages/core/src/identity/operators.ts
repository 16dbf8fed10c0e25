import { FrsError } from '@openfrs/contract';
import type { Accounts, AccountsAdmin, User } from '../ports/accounts.ts';
import type { Caller } from './caller.ts';

interface Deps {
  readonly accounts: Pick<Accounts, 'user'>;
}

/**
 * Whether the caller may manage the accounts of all domains: a user with the operator's right, signed in with a password. Neither
 * signatures nor API tokens have it: their secrets lie in programs.
 */
export async function isOperator({ kind, scope, userId }: Caller, { accounts }: Deps): Promise<boolean> {
  if (kind !== 'token' || scope !== undefined) return false;
  return (await accounts.user(userId))?.isOperator === true;
}

/** @throws FrsError FRS.0002 the caller is no operator */
export async function authoriseOperator(caller: Caller, deps: Deps): Promise<void> {
  if (!(await isOperator(caller, deps))) throw new FrsError('FRS.0002');
}

/** Gives a user the operator's right, or takes it away. It is for those who reach the stores: no operator makes another one. */
export async function setOperator(
  user: User,
  allowed: boolean,
  accounts: Pick<AccountsAdmin, 'putUser'>,
): Promise<User> {
  const changed = { ...user, isOperator: allowed };
  await accounts.putUser(changed, 'existing');
  return changed;
}
