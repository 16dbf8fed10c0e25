/**
 * The accounts table: domains, users, projects, access keys and the counters of rate limits. The deployment creates it
 * from these constants; `createTables` does locally (there without `ttl`, which only tidies up old counters).
 */
export const accountsTable = {
  hashKey: 'pk',
  rangeKey: 'sk',
  fields: { pk: 'string', sk: 'string' },
  ttl: 'expires',
} as const;

/** Layout of the table's items. One that is newer than this is refused rather than misread. */
export const ACCOUNTS_SCHEMA = 1;
