import { join } from 'node:path';
import {
  type AccountsAdmin,
  type Config,
  type Enrolments,
  type FaceSets,
  type RateLimits,
  readConfig,
  type SecretKeys,
  secretKeys,
} from '@openfrs/core';
import {
  type Clients,
  createClients,
  createFaceSets,
  createTransfer,
  createUpkeep,
  dynamodbAccounts,
  dynamodbEnrolments,
  dynamodbRateLimits,
  type Transfer,
  type Upkeep,
} from '@openfrs/store';
import { deployedEnvironment } from './deployed-environment.ts';
import { localEnvironment } from './local-environment.ts';

/** The stores that the commands work on, opened when first used. */
export interface Stores {
  readonly config: Config;
  /** Where they are, in words. */
  readonly place: string;
  clients(): Clients;
  accounts(): AccountsAdmin;
  /** @throws Error naming the remedy where FRS_SECRET_KEY is not set */
  secrets(): SecretKeys;
  faceSets(): FaceSets;
  upkeep(): Upkeep;
  transfer(): Transfer;
  enrolments(): Enrolments;
  rateLimits(): RateLimits;
  /** The store's clock less ours, in milliseconds, to a second or so. */
  clockSkew(): Promise<number>;
  close(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The stores that the environment names (FRS_TABLE_ACCOUNTS or AWS_ENDPOINT_URL_DYNAMODB is set, or `sst shell` tells of a
 * deployment: a deployed or own store); else those of the local server, as its data folder tells.
 */
export async function openStores(given: Environment): Promise<Stores> {
  const environment = { ...deployedEnvironment(given), ...given };
  const named = ['FRS_TABLE_ACCOUNTS', 'AWS_ENDPOINT_URL_DYNAMODB'].some((name) => environment[name]);
  const local = named ? undefined : await localEnvironment(readConfig(environment).dataDir);
  const settings = { ...environment, ...local };
  const config = readConfig(settings);
  let clients: Clients | undefined;
  const open = () => (clients ??= createClients(clientSettings(settings)));
  const data = () => {
    const { dynamodb, s3 } = open();
    return { dynamodb, s3, table: config.dataTable, bucket: config.indexBucket };
  };
  return {
    config,
    place:
      local !== undefined
        ? `the local server's (${join(config.dataDir, 'credentials.env')})`
        : `DynamoDB ${settings.AWS_ENDPOINT_URL_DYNAMODB ?? `in ${settings.AWS_REGION ?? 'the region of your profile'}`}`,
    clients: open,
    accounts: () => dynamodbAccounts(open().dynamodb, config.accountsTable),
    secrets: () => secretKeys(config.secretKey),
    faceSets: () => createFaceSets(data()),
    upkeep: () => createUpkeep(data()),
    transfer: () => createTransfer(data()),
    enrolments: () => dynamodbEnrolments(open().dynamodb, config.dataTable),
    rateLimits: () => dynamodbRateLimits(open().dynamodb, config.limitsTable),
    clockSkew: () => clockSkew(createClients(clientSettings(settings)), config.accountsTable),
    close: () => clients?.destroy(),
  };
}

function clientSettings(settings: Environment): Parameters<typeof createClients>[0] {
  const {
    AWS_REGION,
    AWS_ENDPOINT_URL_DYNAMODB,
    AWS_ENDPOINT_URL_S3,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
  } = settings;
  const session = settings.AWS_SESSION_TOKEN;
  return {
    ...(AWS_REGION && { region: AWS_REGION }),
    ...(AWS_ENDPOINT_URL_DYNAMODB && { dynamodbEndpoint: AWS_ENDPOINT_URL_DYNAMODB }),
    ...(AWS_ENDPOINT_URL_S3 && { s3Endpoint: AWS_ENDPOINT_URL_S3 }),
    // A session's credentials, a profile or a role are left to the SDK's own chain.
    ...(AWS_ACCESS_KEY_ID &&
      AWS_SECRET_ACCESS_KEY &&
      !session && {
        credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
      }),
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
