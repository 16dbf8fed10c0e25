import { FrsError } from '@openfrs/contract';
import type { Accounts, AccountsAdmin, User } from '../ports/accounts.ts';
import { authenticate, type IdentityDeps } from './authenticate.ts';
import type { AuthRequest, Caller } from './caller.ts';

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

/**
 * Asks for the operator's right once more, just before a change is made: caches are late, and a request's body may come long after its
 * head. So nobody who was disabled, lost the right or has another password since makes a change.
 * @param deps with accounts as they are stored, not from a cache
 * @throws FrsError as `authenticate`; FRS.0002 the caller is no operator
 */
export async function confirmOperator(request: AuthRequest, deps: IdentityDeps): Promise<void> {
  await authoriseOperator(await authenticate(request, deps), deps);
}

/** Gives a user the operator's right, or takes it away. It is for those who reach the stores: no operator makes another one. */
export async function setOperator(
  { id }: Pick<User, 'id'>,
  allowed: boolean,
  accounts: Pick<AccountsAdmin, 'changeUser'>,
): Promise<User> {
  return await accounts.changeUser(id, (user) => ({ ...user, isOperator: allowed }));
}
