export { dynamodbAccounts } from './accounts/accounts.ts';
export { ACCOUNTS_SCHEMA, accountsTable } from './accounts/accounts-table.ts';
export { type Clients, createClients, documents } from './aws/clients.ts';
export { createBuckets, createTables, dataTable } from './aws/tables.ts';
export { createFaceSets, type StoreOptions } from './face-sets/index.ts';
export { createObjects } from './objects.ts';
export { dynamodbRateLimits } from './rate-limits/rate-limits.ts';
export { type Chore, defaultLimits, type Limits, type StepName, stepNames } from './store.ts';
