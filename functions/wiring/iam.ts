import { loginGuard } from '@openfrs/core';
import { gateway } from './gateway.ts';
import { once } from './once.ts';

/** The gateway's parts and the guard against password guessing. */
export const iam = once('iam', () => {
  const ports = gateway();
  const { accounts, secrets } = ports.identity;
  return { ...ports, accounts, secrets, logins: loginGuard(ports.rateLimits) };
});
