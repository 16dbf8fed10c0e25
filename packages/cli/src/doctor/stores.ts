import { isAws, missingStores, uploadsKept, uploadsRule } from '@openfrs/store';
import { CliError } from '../failure.ts';
import type { Stores } from '../stores.ts';
import { type Finding, finding } from './finding.ts';

/** Signatures may be off by 15 minutes; AWS refuses its own at five. */
const MOST_SKEW_MS = 60_000;

/** Tables (that of the limits by counting in it), bucket, the store's clock against ours, and whether FRS_SECRET_KEY opens what is stored. */
export async function checkStores(stores: Stores): Promise<Finding[]> {
  const { config } = stores;
  return [
    await finding('accounts table', stores, async () => {
      const domains = await stores.accounts().domains();
      return `${config.accountsTable}: ${domains.length} domains, in ${stores.place}`;
    }),
    await finding('data table', stores, async () => {
      await stores.faceSets().list('doctor');
      return config.dataTable;
    }),
    await finding('limits table', stores, async () => {
      await stores.rateLimits().hit('doctor', 'doctor', new Date());
      return config.limitsTable;
    }),
    await finding('clock', stores, async () => {
      const skew = await stores.clockSkew();
      if (Math.abs(skew) > MOST_SKEW_MS) {
        throw new CliError(`This clock is ${Math.round(skew / 1000)} s off the store's: set it by NTP`);
      }
      return `within ${(Math.abs(skew) / 1000).toFixed(1)} s of the store's`;
    }),
    await finding('index bucket', stores, async () => {
      await stores.maintenance().countStoredItems('doctor');
      return config.indexBucket;
    }),
    await finding('media bucket', stores, async () => {
      const { buckets } = await missingStores(stores.clients(), {
        tables: [],
        buckets: [config.mediaBucket],
      });
      if (buckets.length > 0)
        throw new CliError(`${config.mediaBucket} is not there: openfrs setup makes it`);
      return config.mediaBucket;
    }),
    ...(isAws(config.aws.s3Endpoint)
      ? [await finding('uploads', stores, () => whoRemovesUploads(stores))]
      : []),
    await finding('secret key', stores, async () => `opens ${await openAllKeys(stores)} access keys`),
  ];
}

async function openAllKeys(stores: Stores): Promise<number> {
  const accounts = stores.accounts();
  const secrets = stores.secrets();
  let opened = 0;
  for (const domain of await accounts.domains()) {
    for (const user of await accounts.users(domain.id)) {
      for (const key of await accounts.accessKeys(user.id)) {
        secrets.open(key.sealedSecret, key.id);
        opened += 1;
      }
    }
  }
  return opened;
}

/** On AWS a rule of the bucket is to remove uploads after a day: behind a queue of tasks there may be no server that does. */
export async function whoRemovesUploads({
  clients,
  config,
}: Pick<Stores, 'clients' | 'config'>): Promise<string> {
  const rule = await uploadsRule(clients().s3, config.mediaBucket, Date.now());
  if (rule.kind === 'removes') return 'removed after a day by a lifecycle rule of the bucket';
  const found = {
    none: `${config.mediaBucket} has no lifecycle rule that removes uploads`,
    late: `the lifecycle rules of ${config.mediaBucket} keep uploads for ${'days' in rule ? rule.days : 0} days`,
    hidden: `who runs this may not see the lifecycle rules of ${config.mediaBucket} (s3:GetLifecycleConfiguration)`,
  }[rule.kind];
  if (config.maintenanceQueue === '') return `${found}: servers remove them`;
  if (rule.kind === 'hidden') return found;
  throw new CliError(`${found}: add one that removes ${uploadsKept.prefix} after a day`);
}
