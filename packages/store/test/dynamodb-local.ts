import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '@openfrs/embedded';
import { openStores, type TestStores } from './embedded.ts';

/** AWS's own DynamoDB Local lies in this npm package, of which nothing else is used. */
const jarPackage = 'amplify-dynamodb-simulator@2.9.30';
const integrity =
  'sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==';
const cache = fileURLToPath(new URL('../../../node_modules/.cache/openfrs-dynamodb-local', import.meta.url));
const folder = join(cache, 'package', 'emulator');

/** Fetches DynamoDB Local once. @returns why it can't run here; `undefined` where it can */
export async function prepareDynamodbLocal(): Promise<string | undefined> {
  if (spawnSync('java', ['-version']).status !== 0) return 'no Java runtime is installed';
  if (existsSync(join(folder, 'DynamoDBLocal.jar'))) return undefined;
  await mkdir(cache, { recursive: true });
  const pack = spawnSync('npm', ['pack', '--silent', '--pack-destination', cache, jarPackage], {
    encoding: 'utf8',
  });
  if (pack.status !== 0) return `${jarPackage} can't be fetched from the npm registry`;
  const archive = join(cache, pack.stdout.trim());
  const hash = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (`sha512-${hash}` !== integrity) throw new Error(`${jarPackage} is not the package that was pinned.`);
  const unpack = spawnSync('tar', ['-xzf', archive, '-C', cache, 'package/emulator']);
  await rm(archive);
  return unpack.status === 0 ? undefined : 'there is no tar to unpack it with';
}

/** Starts DynamoDB Local, in memory, beside the embedded S3. */
export async function startDynamodbLocal(): Promise<TestStores> {
  const port = await freePort();
  const java = spawn(
    'java',
    [
      `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
      '-jar',
      'DynamoDBLocal.jar',
      '-inMemory',
      '-port',
      String(port),
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const embedded = await startEmbedded();
  const dynamodbEndpoint = `http://127.0.0.1:${port}`;
  await untilItAnswers(dynamodbEndpoint);
  const { region, s3Endpoint } = embedded;
  return openStores({ region, dynamodbEndpoint, s3Endpoint, credentials: embedded }, async () => {
    java.kill('SIGKILL');
    await once(java, 'exit');
    await embedded.stop();
  });
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('DynamoDB Local does not answer.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
