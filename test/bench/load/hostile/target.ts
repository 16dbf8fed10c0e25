import type { Account } from '../../../support/account.ts';

/** Everything that a client needs; plain data, for it goes to other processes. */
export interface Target extends Account {
  readonly endpoint: string;
  /** The loopback address that the client connects from. */
  readonly from: string;
  /** For the project. */
  readonly token: string;
}

/** POST /v3/auth/tokens for the target's project, or with what is changed. */
export function loginBody(target: Target, change: { user?: string; password?: string } = {}): string {
  const { domain, region } = target;
  const user = {
    name: change.user ?? target.user,
    password: change.password ?? target.password,
    domain: { name: domain },
  };
  const identity = { methods: ['password'], password: { user } };
  return JSON.stringify({ auth: { identity, scope: { project: { name: region } } } });
}
