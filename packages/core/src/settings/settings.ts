import { isIP } from 'node:net';
import { choice, flag, list, type Setting, secret, text, url, whole } from './setting.ts';

const most = Number.MAX_SAFE_INTEGER;
const mebibyte = 1024 * 1024;

/** An address, or a network as `10.0.0.0/8`. */
export function isNetwork(item: string): boolean {
  const [address = '', bits, ...rest] = item.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/**
 * Every setting there is, by its environment variable: what it may be, what it is when it is not set, and what it means. The page
 * `packages/docs/settings.md` is made of it.
 */
export const settings = {
  FRS_HOST: text(
    { reader: 'server', meaning: 'the address that is listened on; `0.0.0.0` or `::` is all of them' },
    '127.0.0.1; in the container all',
  ),
  PORT: whole([0, 65_534], {
    reader: 'server',
    unit: '',
    preset: '8080',
    meaning: 'the port; 0 is any free one. Embedded stores take the next two',
  }),
  FRS_DATA_DIR: text(
    {
      reader: 'server',
      meaning: 'the folder of the embedded stores, and of what is made at the first start',
    },
    '.data',
  ),
  FRS_SECRET_KEY: secret(
    {
      reader: 'service',
      meaning:
        'seals access keys and signs tokens: 32 bytes in Base64 (`openssl rand -base64 32`); several, the newest first, while keys are changed',
    },
    'with embedded stores: made at the first start and kept in `secret.key` of the data folder',
  ),
  FRS_TABLE_DATA: text({ reader: 'service', meaning: 'table of face sets and faces' }, 'openfrs-data'),
  FRS_TABLE_ACCOUNTS: text(
    { reader: 'service', meaning: 'table of domains, users, projects and keys' },
    'openfrs-accounts',
  ),
  FRS_TABLE_LIMITS: text(
    {
      reader: 'service',
      meaning: 'table of counters of requests and failed logins, and of last uses of API tokens',
    },
    'openfrs-limits',
  ),
  FRS_BUCKET_INDEX: text({ reader: 'service', meaning: 'bucket of the search index' }, 'openfrs-index'),
  FRS_BUCKET: text(
    { reader: 'service', meaning: 'bucket of uploads, and of photos that enrol themselves' },
    'openfrs-media',
  ),
  FRS_MODELS_DIR: text(
    { reader: 'service', meaning: 'the folder of the models' },
    '`.models` of the repository or package',
  ),
  FRS_REGION: text(
    { reader: 'server', meaning: 'name of the project of the developer account that `npm start` makes' },
    'as at the last start, or cn-north-4',
  ),
  FRS_PUBLIC_HOSTS: list({
    reader: 'service',
    meaning: 'host names under which clients sign requests, where a proxy changes Host',
  }),
  FRS_TRUST_FORWARDED_HOST: flag({
    reader: 'service',
    meaning: 'X-Forwarded-Host comes from a proxy of yours: it may be the host that was signed',
  }),
  FRS_MEDIA_HOSTS: list({
    reader: 'service',
    meaning: 'storage hosts accepted in `https://bucket.<host>/key`, beside that of S3 itself',
  }),
  FRS_MIN_FACE_PX: whole([1, 4096], {
    reader: 'service',
    unit: 'pixels',
    preset: '40',
    meaning: 'longer side of the smallest face that is returned',
  }),
  FRS_CHALLENGE_SECONDS: whole([10, 120], {
    reader: 'service',
    unit: 'seconds',
    preset: '60',
    meaning: 'how long a liveness challenge is good for',
  }),
  FFMPEG_PATH: text({ reader: 'service', meaning: 'a native FFmpeg' }, 'the one in WebAssembly'),
  FFMPEG_CORE_PATH: text(
    { reader: 'service', meaning: 'the core of the FFmpeg in WebAssembly' },
    'that of the npm package',
  ),
  FRS_VIDEO_WORKER: text(
    { reader: 'service', meaning: 'the script of the thread that decodes videos' },
    'built from its source',
  ),
  FRS_SEARCH_CACHE_BYTES: whole([0, most], {
    reader: 'service',
    unit: '',
    preset: "the store's own choice",
    meaning: 'bytes of memory for indexes',
  }),
  FRS_HEAVY_RUNNING: whole([1, 1024], {
    reader: 'service',
    unit: '',
    preset: 'two for each core',
    meaning: 'operations at a time that look at pictures or videos',
  }),
  FRS_HEAVY_WAITING: whole([0, 100_000], {
    reader: 'service',
    unit: 'operations',
    preset: '512',
    meaning: 'such operations that wait their turn; more are `FRS.0033`',
  }),
  FRS_BODY_BYTES: whole([12 * mebibyte, most], {
    reader: 'service',
    unit: 'bytes',
    preset: String(128 * mebibyte),
    meaning: 'bodies of requests in memory; with what is made of them, memory is about four times this',
  }),
  FRS_REQUEST_SECONDS: whole([1, 3600], {
    reader: 'service',
    unit: 'seconds',
    preset: '60',
    meaning: "from the arrival of a request's body to its answer; half of it at most in the queue",
  }),
  FRS_CONNECTIONS: whole([16, 1_000_000], {
    reader: 'server',
    unit: 'connections',
    preset: '2000',
    meaning: 'connections of all clients',
  }),
  FRS_CONNECTIONS_PER_SOURCE: whole([1, 1_000_000], {
    reader: 'server',
    unit: '',
    preset: 'half of all',
    meaning: 'connections of one address, or of one IPv6 network of 64 bits; a trusted proxy may have all',
  }),
  FRS_REFUSALS_PER_SECOND: whole([1, 1_000_000], {
    reader: 'server',
    unit: 'answers',
    preset: '20',
    meaning: 'answers a second that refuse one source; more of them wait, 10 s at most',
  }),
  FRS_TRUSTED_PROXIES: list(
    {
      reader: 'server',
      meaning:
        'addresses and networks of proxies of yours (`10.0.0.0/8,::1`): their header tells who the client is',
    },
    'addresses or networks like 10.0.0.0/8',
    isNetwork,
  ),
  FRS_FORWARDED_HEADER: choice(['x-forwarded-for', 'forwarded'], {
    reader: 'server',
    meaning: 'the header that these proxies write; the other one is not looked at',
  }),
  FRS_TLS_CERTIFICATE: secret({ reader: 'server', meaning: 'TLS: the chain of certificates, in PEM' }),
  FRS_TLS_KEY: secret({ reader: 'server', meaning: 'TLS: the private key, in PEM' }),
  FRS_CONSOLE: text(
    {
      reader: 'server',
      meaning:
        '`1`: `openfrs serve` and the container also have the web console and `/docs`. For `sst deploy`: `1`, or its domain',
    },
    'off; with `npm start` always',
  ),
  FRS_METRICS_PORT: whole([1, 65_535], {
    reader: 'server',
    unit: '',
    preset: 'none',
    meaning: 'a port of its own for `/metrics` (OpenMetrics), to whoever reaches it',
  }),
  FRS_METRICS_HOST: text({ reader: 'server', meaning: 'the address of that port' }, '127.0.0.1'),
  FRS_METRICS_TOKEN: secret({
    reader: 'server',
    meaning: '`/metrics` on the port of the service, for who sends it: `Authorization: Bearer`',
  }),
  FRS_LOG_LEVEL: choice(['info', 'debug', 'warn', 'error'], {
    reader: 'server',
    meaning:
      '`debug`, `info`, `warn` or `error`: the log leaves out what matters less, but never the line of a request',
  }),
  FRS_DRAIN_SECONDS: whole([0, 600], {
    reader: 'server',
    unit: 'seconds',
    preset: '5',
    meaning:
      'after SIGTERM, `/ready` says no for so long while requests are still taken, so that a load balancer turns away first',
  }),
  FRS_QUEUE_MAINTENANCE: text(
    { reader: 'service', meaning: 'URL of the queue of maintenance tasks' },
    'none: the servers do them',
  ),
  FRS_QUEUE_CHORES: text({ reader: 'service', meaning: 'the old name of FRS_QUEUE_MAINTENANCE' }, 'none'),
  FRS_QUEUE_ENROL_DEAD: text(
    { reader: 'service', meaning: "URL of the queue of uploads that can't be enrolled" },
    'none',
  ),
  FRS_ENROL_SECONDS: whole([0, 86_400], {
    reader: 'server',
    unit: 'seconds',
    preset: '15',
    meaning:
      'on an S3 that is not AWS, one of the servers looks so often for photos that are to enrol themselves; 0: never',
  }),
  FRS_S3_PUBLIC_URL: url(
    { reader: 'service', meaning: 'where clients reach S3, for the forms that they upload with' },
    'AWS_ENDPOINT_URL_S3',
  ),
  FRS_ENROL_REMOVE: flag({
    reader: 'service',
    meaning: 'deleting a photo that enrolled itself removes its faces',
  }),
  FRS_STORE_CROPS: flag({
    reader: 'server',
    meaning:
      "of each face that is enrolled, a picture of 112 × 112 pixels is kept, encrypted, for the console; off: none. DynamoDB's reads of faces cost two to five times as much with them. `packages/client/docs/privacy.md` says what that means",
  }),
  AWS_REGION: text({ reader: 'service', meaning: 'the region of the stores' }, "the AWS SDK's own choice"),
  AWS_ENDPOINT_URL_DYNAMODB: url({ reader: 'service', meaning: 'where DynamoDB is' }, 'AWS'),
  AWS_ENDPOINT_URL_S3: url({ reader: 'service', meaning: 'where S3 is' }, 'AWS'),
  AWS_ENDPOINT_URL_SQS: url({ reader: 'service', meaning: 'where SQS is' }, 'AWS'),
  AWS_ACCESS_KEY_ID: text(
    { reader: 'service', meaning: 'access key of the stores' },
    "the AWS SDK's own choice",
  ),
  AWS_SECRET_ACCESS_KEY: secret({ reader: 'service', meaning: 'its secret' }, "the AWS SDK's own choice"),
  AWS_SESSION_TOKEN: secret({ reader: 'service', meaning: 'of temporary access keys' }),
  FRS_PROFILE: text(
    { reader: 'client', meaning: 'the profile of `openfrs login` that is used' },
    '`default`',
  ),
  FRS_ENDPOINT: url({ reader: 'client', meaning: 'where the service is' }, 'that of `npm start`'),
  FRS_PROJECT_ID: text({ reader: 'client', meaning: 'the project that is worked in' }, 'that of `npm start`'),
  FRS_DOMAIN: text({ reader: 'client', meaning: "the user's domain" }),
  FRS_USER: text({ reader: 'client', meaning: 'the user' }),
  FRS_PASSWORD: secret({ reader: 'client', meaning: "the user's password" }, ''),
  FRS_AK: text({ reader: 'client', meaning: 'access key' }),
  FRS_SK: secret({ reader: 'client', meaning: 'its secret' }, ''),
  FRS_ARCHITECTURE: text({ reader: 'deployment', meaning: '`arm64` or `x86_64`' }, 'arm64'),
  FRS_DOMAIN_NAME: text({ reader: 'deployment', meaning: "the API's own domain" }, "API Gateway's name"),
  FRS_PROVISIONED: text(
    { reader: 'deployment', meaning: 'warm instances of each function with models' },
    '0',
  ),
  FRS_MEDIA_BUCKETS: text({ reader: 'deployment', meaning: 'more buckets that media are read from' }, 'none'),
  FRS_ALARM_EMAIL: text({ reader: 'deployment', meaning: 'who gets the alarms' }, 'nobody'),
  FRS_TRACING: text({ reader: 'deployment', meaning: '`1`: X-Ray' }, 'off'),
  FRS_CONTAINER_DOMAIN: text({ reader: 'deployment', meaning: 'also a container: its domain' }, 'none'),
  FRS_CONTAINER_CERTIFICATE: text({ reader: 'deployment', meaning: 'the ARN of its certificate' }, 'none'),
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;
