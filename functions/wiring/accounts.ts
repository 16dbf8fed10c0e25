import { cachedAccounts } from '@openfrs/core';
import { dynamodbAccounts } from '@openfrs/store';
import { clients } from './clients.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** Accounts behind the 1 s read cache (`accountsAgeMs`). */
export const accounts = once('accounts', () =>
  cachedAccounts(dynamodbAccounts(clients().dynamodb, settings().accountsTable)),
);
