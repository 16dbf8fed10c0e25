import { newId, type Service } from '@openfrs/contract';
import { createAccount, type Project, type Quotas, readConfig, secretKeys } from '@openfrs/core';
import { createClients, dynamodbAccounts } from '@openfrs/store';
import { quickDerivation } from '@openfrs/testing/passwords';
import type { Account } from '../../support/account.ts';

export interface ProjectSetup {
  readonly services?: readonly Service[];
  readonly quotas?: Partial<Quotas>;
  readonly buckets?: readonly string[];
  readonly change?: Partial<Project>;
}

/** The operator's side, straight at the service's own store; in the service's environment only. */
export async function newAccount({ change, ...setup }: ProjectSetup = {}): Promise<Account> {
  const { accountsTable, secretKey } = readConfig();
  const clients = createClients(readConfig().aws);
  try {
    const accounts = dynamodbAccounts(clients.dynamodb, accountsTable);
    // Another implementation reads what the hash says.
    const quick = process.env.FRS_CONTRACT_REMOTE !== '1';
    const deps = {
      accounts,
      secrets: secretKeys(secretKey),
      ...(quick && { derivation: quickDerivation }),
    };
    const made = await createAccount(
      { domain: `acme-${newId()}`, user: 'ann', project: 'region-1', ...setup },
      deps,
    );
    const project = await accounts.project(made.projectId);
    if (change && project) await accounts.putProject({ ...project, ...change }, 'existing');
    return { ...made, region: made.project };
  } finally {
    clients.destroy();
  }
}
