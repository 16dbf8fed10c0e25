import { join } from 'node:path';
import {
  type AccountsAdmin,
  type Config,
  type EnrolmentOutcome,
  type Enrolments,
  type FaceSets,
  namesEngines,
  type RateLimits,
  readConfig,
  type SecretKeys,
  type TokenUses,
  type Upload,
} from '@openfrs/core';
import { createService, parts, retryGivenUp } from '@openfrs/service';
import {
  type Backups,
  type Clients,
  createClients,
  dynamodbAccounts,
  dynamodbDeadLetters,
  type Maintenance,
  type StoreClients,
  type StoredDeadLetters,
  type Transfer,
} from '@openfrs/store';
import { deployedEnvironment } from './deployed-environment.ts';
import { localEnvironment } from './local-environment.ts';

/** The stores that the commands work on, opened when first used. */
export interface Stores {
  readonly config: Config;
  /** Where they are, in words. */
  readonly place: string;
  clients(): StoreClients;
  accounts(): AccountsAdmin;
  /** @throws Error naming the remedy where FRS_SECRET_KEY is not set */
  secrets(): SecretKeys;
  faceSets(): FaceSets;
  maintenance(): Maintenance;
  transfer(): Transfer;
  backups(): Backups;
  enrolments(): Enrolments;
  /** Those of the data table; on AWS a queue has them. */
  deadLetters(): StoredDeadLetters;
  /** Enrols an upload that was given up, with the models in this process. */
  retryUpload(upload: Upload): Promise<EnrolmentOutcome | undefined>;
  rateLimits(): RateLimits;
  tokenUses(): TokenUses;
  /** The store's clock less ours, in milliseconds, to a second or so. */
  clockSkew(): Promise<number>;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The stores that the environment names (FRS_TABLE_ACCOUNTS or AWS_ENDPOINT_URL_DYNAMODB is set, or `sst shell` tells of a
 * deployment: a deployed or own store); else those of the local server, as its data folder tells.
 */
export async function openStores(given: Environment): Promise<Stores> {
  const environment = { ...deployedEnvironment(given), ...given };
  const local = namesEngines(environment)
    ? undefined
    : await localEnvironment(readConfig(environment).dataDir);
  // As the server has it: a key that is set goes before the one of the data folder.
  const { FRS_SECRET_KEY: secretKey } = environment;
  const config = readConfig({ ...environment, ...local, ...(secretKey && { FRS_SECRET_KEY: secretKey }) });
  // What a command leaves behind, the sweep finds: an operator need not be allowed to write to the queue.
  const service = createService(config, {
    operations: [],
    overrides: {
      tasks: () => () => undefined,
      vision: async (context) =>
        (await import('@openfrs/service/in-process-vision')).inProcessVision(context),
    },
  });
  const { resolve, close } = service;
  return {
    config,
    place:
      local !== undefined
        ? `the local server's (${join(config.dataDir, 'credentials.env')})`
        : `DynamoDB ${config.aws.dynamodbEndpoint ?? `in ${config.aws.region ?? 'the region of your profile'}`}`,
    clients: () => ({
      get dynamodb() {
        return resolve(parts.dynamodb);
      },
      get s3() {
        return resolve(parts.s3);
      },
    }),
    accounts: () => resolve(parts.accounts),
    secrets: () => resolve(parts.secrets),
    faceSets: () => resolve(parts.faceSets),
    maintenance: () => resolve(parts.maintenance),
    transfer: () => resolve(parts.transfer),
    backups: () => resolve(parts.backups),
    enrolments: () => resolve(parts.enrolments),
    deadLetters: () => dynamodbDeadLetters(resolve(parts.dynamodb), config.dataTable),
    retryUpload: (upload) => retryGivenUp(upload, service),
    rateLimits: () => resolve(parts.rateLimits),
    tokenUses: () => resolve(parts.tokenUses),
    clockSkew: () => clockSkew(createClients(config.aws), config.accountsTable),
    close,
  };
}

/**
 * By the Date header of an answer, which a read of nothing gets.
 * @param clients not asked for anything yet, or what is added to them here would not be met; destroyed in the end
 */
async function clockSkew({ dynamodb, destroy }: Clients, table: string): Promise<number> {
  let skew: number | undefined;
  dynamodb.middlewareStack.add(
    (next) => async (request) => {
      const answered = await next(request);
      const { headers } = answered.response as { headers?: Record<string, string> };
      skew = Date.parse(headers?.date ?? '') - Date.now();
      return answered;
    },
    { step: 'deserialize', name: 'clockSkew' },
  );
  await dynamodbAccounts(dynamodb, table).domain('doctor').finally(destroy);
  if (skew === undefined || Number.isNaN(skew)) throw new Error('The store does not tell its time');
  return skew;
}
