import { secretKeys } from '@openfrs/core';
import { createAdmission, defaultDeadlines, type GatewayPorts } from '@openfrs/http';
import { dynamodbRateLimits } from '@openfrs/store';
import { accounts } from './accounts.ts';
import { clients } from './clients.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** What every door needs: who is asking, and how often. */
export const gateway = once('gateway', (): GatewayPorts => {
  const { limitsTable, secretKey, publicHosts, trustForwardedHost, admission, requestMs } = settings();
  const { dynamodb } = clients();
  return {
    identity: { accounts: accounts(), secrets: secretKeys(secretKey), publicHosts, trustForwardedHost },
    rateLimits: dynamodbRateLimits(dynamodb, limitsTable),
    admission: createAdmission(admission),
    deadlines: { ...defaultDeadlines, workMs: requestMs, queueMs: requestMs / 2 },
    now: () => new Date(),
  };
});
