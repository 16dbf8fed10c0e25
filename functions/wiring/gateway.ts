import { cachedAccounts, secretKeys } from '@openfrs/core';
import type { GatewayPorts } from '@openfrs/http';
import { dynamodbAccounts, dynamodbRateLimits } from '@openfrs/store';
import { clients } from './clients.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** What every door needs: who is asking, and how often. */
export const gateway = once('gateway', (): GatewayPorts => {
  const { accountsTable, limitsTable, secretKey, publicHosts, trustForwardedHost } = settings();
  const { dynamodb } = clients();
  const accounts = cachedAccounts(dynamodbAccounts(dynamodb, accountsTable));
  return {
    identity: { accounts, secrets: secretKeys(secretKey), publicHosts, trustForwardedHost },
    rateLimits: dynamodbRateLimits(dynamodb, limitsTable),
    now: () => new Date(),
  };
});
