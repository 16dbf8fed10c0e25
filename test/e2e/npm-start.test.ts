import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { modelsDir } from '@openfrs/models';
import { credentialNames } from '@openfrs/server';
import { sampled } from '@openfrs/testing/sample';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { photo } from '../support/photos.ts';
import { Client, credentialsIn, type Faces } from './client.ts';
import { complaint, plainStart, type Run, root } from './npm-start.ts';

// Each start is a new process with all models: on two busy cores that takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });
const run = promisify(execFile);
let dir: string;
let port: number;
let running: Run[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-npm-'));
  port = await freePorts();
});
afterEach(async () => {
  for (const each of running) {
    if (each.child.exitCode === null && each.child.signalCode === null) each.interrupt();
    await each.exited();
  }
  running = [];
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function start(env: Record<string, string> = {}): Promise<Run> {
  const started = await plainStart({ FRS_DATA_DIR: join(dir, 'data'), PORT: String(port), ...env });
  running.push(started);
  return started;
}

/** It ended with exit code 1 and this one sentence on standard error. */
async function expectSentence(started: Run, sentence: string | RegExp): Promise<void> {
  expect(await started.exited()).toBe(1);
  expect(complaint(started)).toMatch(sentence);
  expect(complaint(started).split('\n')).toHaveLength(1);
  expect(started.out()).not.toContain('serves at');
}

/** A port with two free ones behind it. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = await occupy(0);
    const { port: found } = first.address() as AddressInfo;
    const others = await Promise.all(
      [occupy(found + 1), occupy(found + 2)].map((each) => each.catch(() => undefined)),
    );
    for (const server of [first, ...others]) server?.close();
    if (others.every(Boolean)) return found;
  }
}

function occupy(wanted: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => resolve(server));
  });
}

describe('the program of npm start', () => {
  test('serves, keeps its word in credentials.env, stops on Ctrl-C and finds everything again', async () => {
    const first = await start();
    const file = join(dir, 'data', 'credentials.env');
    expect(complaint(first)).toBe('');
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);

    const credentials = await credentialsIn(file);
    expect(Object.keys(credentials)).toEqual([...credentialNames]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'data', 'secret.key'))).mode & 0o777).toBe(0o600);
    expect(credentials).toMatchObject({
      FRS_ENDPOINT: `http://127.0.0.1:${port}`,
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port + 1}`,
    });
    // A shell that sources the file reads the same values.
    const { stdout } = await run('sh', ['-c', `set -a; . '${file}'; env`]);
    for (const [name, value] of Object.entries(credentials)) expect(stdout).toContain(`${name}=${value}\n`);
    for (const secret of [credentials.FRS_PASSWORD, credentials.FRS_SK, credentials.AWS_SECRET_ACCESS_KEY]) {
      expect(first.out()).not.toContain(secret);
    }

    const printed = first.out().match(/^\. .*?\n\n/ms)?.[0] ?? '';
    const pasted = await run('bash', ['-c', printed], { cwd: root });
    expect((JSON.parse(pasted.stdout) as Faces).faces).toHaveLength(3);

    const client = new Client(credentials);
    await client.post('/face-sets', { face_set_name: 'kept' });
    await client.enrol('kept', photo(3), 'her');
    const s3 = new S3Client({
      region: credentials.AWS_REGION,
      endpoint: credentials.AWS_ENDPOINT_URL_S3,
      credentials: {
        accessKeyId: credentials.AWS_ACCESS_KEY_ID,
        secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
      },
    });
    const place = { Bucket: credentials.FRS_BUCKET, Key: 'a photo.jpg' };
    await s3.send(new PutObjectCommand({ ...place, Body: photo(1) }));
    const image_url = `/${place.Bucket}/${place.Key}`;
    expect((await client.post<Faces>('/face-detect', { image_url })).body.faces).toHaveLength(3);

    // The README's own commands, as they stand there.
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const commands = readme.match(/^## Find a person again\n\n```sh\n(.*?)^```/ms)?.[1] ?? '';
    const demo = await run('bash', ['-c', commands.replace('.data/credentials.env', file)], { cwd: root });
    const answers = demo.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Faces);
    expect(answers).toHaveLength(7);
    const [best, ...others] = answers.at(-1)?.faces ?? [];
    expect(best).toMatchObject({ external_image_id: 'photo3' });
    expect(best?.similarity).toBeGreaterThan(0.93);
    for (const other of others) expect(other.similarity).toBeLessThan(0.93);

    // What is under way when Ctrl-C comes is answered.
    const answered = await client.beginSearch('kept', photo(1));
    first.interrupt();
    expect((await answered())[0]?.external_image_id).toBe('her');
    await first.exited();
    expect(first.out()).toMatch(/Stopped\.\n$/);
    expect(complaint(first)).toBe('');

    await start();
    expect(await credentialsIn(file)).toEqual(credentials);
    const found = await new Client(credentials).search('kept', photo(1));
    expect(found[0]?.external_image_id).toBe('her');
    const stored = await s3.send(new GetObjectCommand(place));
    expect(Buffer.from((await stored.Body?.transformToByteArray()) ?? []).equals(photo(1))).toBe(true);
    s3.destroy();
  });

  test('makes new secrets for a lost credentials.env, for the same project, and lets no other at the folder', async () => {
    const file = join(dir, 'data', 'credentials.env');
    const before = await credentialsIn(file);
    await rm(file);
    await start();
    const after = await credentialsIn(file);
    expect(after.FRS_PROJECT_ID).toBe(before.FRS_PROJECT_ID);
    expect(after.FRS_PASSWORD).not.toBe(before.FRS_PASSWORD);
    const second = await start({ PORT: String(await freePorts()) });
    await expectSentence(second, /^The data folder .* is in use by another running instance\.$/);
    const found = await new Client(after).search('kept', photo(1));
    expect(found[0]?.external_image_id).toBe('her');
  });
});

describe('one sentence on standard error, and exit code 1, when', () => {
  const ports: [number, string][] = [
    [0, 'the service'],
    [1, 'S3'],
    [2, 'DynamoDB'],
  ];
  test.each(sampled(ports, () => 'ports'))('port PORT+%i is taken (%s)', async (offset, what) => {
    const other = await occupy(port + offset);
    const started = await start();
    other.close();
    await expectSentence(started, `Port ${port + offset} for ${what} is in use by another program.`);
  });

  test('the folder can not be written to', async () => {
    await writeFile(join(dir, 'file'), '');
    const started = await start({ FRS_DATA_DIR: join(dir, 'file', 'data') });
    await expectSentence(started, /^The data folder .* can't be written to\.$/);
  });

  test('the secret key is not one', async () => {
    await expectSentence(await start({ FRS_SECRET_KEY: 'short' }), /^FRS_SECRET_KEY holds a key that is not/);
  });

  test('a setting is wrong', async () => {
    await expectSentence(await start({ PORT: 'eighty' }), /^PORT must be a whole number/);
    await expectSentence(await start({ FRS_PROT: '80' }), /^FRS_PROT is no setting of openfrs/);
  });

  test('the models can not be written', async () => {
    await mkdir(join(dir, 'x'), { recursive: true });
    await writeFile(join(dir, 'x', 'models'), '');
    const started = await start({ FRS_MODELS_DIR: join(dir, 'x', 'models') });
    await expectSentence(started, /models/);
  });
});

test('a damaged model is built again, byte for byte', async () => {
  const models = join(dir, 'models');
  await cp(modelsDir(), models, { recursive: true });
  const file = join(models, 'facemesh.onnx');
  const good = await readFile(file);
  const bad = Buffer.from(good);
  bad[1000] = (bad[1000] ?? 0) ^ 0xff;
  await writeFile(file, bad);
  const started = await start({ FRS_MODELS_DIR: models });
  expect(started.out()).toContain('facemesh');
  expect((await readFile(file)).equals(good)).toBe(true);
});
