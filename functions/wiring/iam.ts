import { loginGuard } from '@openfrs/core';
import { gateway } from './gateway.ts';
import { keyDerivation, loginQueue } from './logins.ts';
import { once } from './once.ts';

/** The gateway's parts, and what stands between a login and its password: guard, queue, hashing. */
export const iam = once('iam', () => {
  const ports = gateway();
  const { accounts, secrets } = ports.identity;
  const logins = loginGuard(ports.rateLimits);
  return { ...ports, accounts, secrets, logins, loginQueue: loginQueue(), derivation: keyDerivation() };
});
