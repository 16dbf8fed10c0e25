import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { operations } from '@openfrs/contract';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { blocksOf } from '../support/pages.ts';
import { smallPhoto } from '../support/small-photos.ts';
import { freePort, type ServerProcess, type Settings, serve, shell } from './openfrs-process.ts';

// Each start is a new process with all models: on two busy cores that takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const dir = mkdtempSync(join(tmpdir(), 'openfrs-serve-'));
afterAll(() => rm(dir, { recursive: true, force: true }));

let running: ServerProcess | undefined;
afterEach(async () => {
  running?.child.kill('SIGKILL');
  await running?.exited();
});

/** Starts a server that is to serve. */
async function started(settings: Settings): Promise<ServerProcess> {
  running = await serve(settings);
  expect(running.output()).toContain('openfrs serves at');
  return running;
}

/** The one line of a start that failed. */
async function refusal(settings: Settings): Promise<string> {
  const { exited, output } = await serve(settings);
  expect(await exited()).toBe(1);
  expect(output().trim().split('\n')).toHaveLength(1);
  return output();
}

const base64 = (n: Parameters<typeof smallPhoto>[0]) => smallPhoto(n).toString('base64');

interface Account {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly project: string;
  readonly projectId: string;
  readonly ak: string;
  readonly sk: string;
}

function login(endpoint: string, { user: name, password, domain, project }: Account): Promise<Response> {
  const user = { name, password, domain: { name: domain } };
  const scope = { project: { name: project } };
  return fetch(`${endpoint}/v3/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
  });
}

describe('a server with stores of its own', () => {
  const data = join(dir, 'data');
  let account: Account;

  test('goes from nothing to a found face, and loses no request when it is stopped', async () => {
    const port = await freePort();
    const metricsPort = await freePort();
    const settings = { FRS_DATA_DIR: data, PORT: String(port), FRS_METRICS_PORT: String(metricsPort) };
    const server = await started(settings);
    const endpoint = `http://127.0.0.1:${port}`;
    await vi.waitFor(() => expect(server.output()).toContain('there is no account yet'), 10_000);
    const printed = await followPage(settings);
    account = JSON.parse(readFileSync(join(dir, 'account.json'), 'utf8')) as Account;
    expect(printed).toMatch(/photo3|sample3/);

    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(metrics).toMatch(/openfrs_requests_total\{operation="face-search",status="200",code=""\} 1/);
    // Of the workers and of the engines, through the running server.
    expect(metrics).toMatch(/openfrs_stage_seconds_count\{stage="embed"\} [1-9]/);
    expect(metrics).toMatch(
      /openfrs_store_seconds_count\{store="dynamodb",operation="GetItem",outcome="ok"\} [1-9]/,
    );
    await answersNothingWithoutCredentials(endpoint, account.projectId);

    const { headers } = await login(endpoint, account);
    await losesNoRequest(server, endpoint, headers.get('X-Subject-Token') ?? '', account.projectId);
    expect(await server.exited()).toBe(0);
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  if (!openssl) console.info('The test of TLS is left out: there is no openssl to make certificates with.');

  test.runIf(openssl)('starts again with TLS on the same data', async () => {
    const port = await freePort();
    const [certificate, key] = [join(dir, 'certificate.pem'), join(dir, 'key.pem')];
    makeCertificate('first.example.com', certificate, key);
    const settings = {
      FRS_DATA_DIR: data,
      PORT: String(port),
      FRS_TLS_CERTIFICATE_FILE: certificate,
      FRS_TLS_KEY_FILE: key,
    };
    const server = await started(settings);
    expect(server.output()).not.toContain('there is no account yet');
    expect(await overTls(port, '/ready', readFileSync(certificate))).toEqual({
      status: 200,
      subject: 'first.example.com',
    });
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
    server.child.kill('SIGINT');
    expect(await server.exited()).toBe(0);
    // A file that is no key stops the start, and says nothing of what is in it.
    writeFileSync(key, 'secret and no key');
    const sentence = await refusal(settings);
    expect(sentence).toMatch(/^FRS_TLS_CERTIFICATE and FRS_TLS_KEY are no certificate/);
    expect(sentence).not.toContain('secret and');
  });
});

/** Runs what the page tells to type beside the server, and answers what it printed. */
async function followPage(settings: Settings): Promise<string> {
  const blocks = (await blocksOf('packages/docs/own-server.md')).filter(({ language }) => language === 'sh');
  const [first, ...others] = blocks.map(({ text }) => text.trim());
  expect(first).toBe('npx openfrs serve');
  mkdirSync(join(dir, 'photos'));
  for (const n of [2, 3, 4] as const) writeFileSync(join(dir, 'photos', `sample${n}.jpg`), smallPhoto(n));
  writeFileSync(join(dir, 'someone.jpg'), smallPhoto(1));
  const script = others.join('\n').replaceAll(':8080', `:${settings.PORT}`);
  return await shell(script, dir, settings);
}

async function answersNothingWithoutCredentials(endpoint: string, projectId: string): Promise<void> {
  for (const { method, paths, name } of operations) {
    for (const path of paths) {
      const url = endpoint + path.replace('{project_id}', projectId).replace('{face_set_name}', 'people');
      const { status } = await fetch(url, { method, ...(method !== 'GET' && { body: '{}' }) });
      // A token is asked for with a password in the body.
      expect([name, status]).toEqual([name, name === 'token-create' ? 400 : 401]);
    }
  }
  for (const path of ['/', '/docs', '/openapi.json', '/metrics', '/console/usage', '/v2', '/healthy']) {
    expect([path, (await fetch(endpoint + path)).status]).toEqual([path, 404]);
  }
}

/** Clients that ask on and on until `/ready` says no, as a load balancer's do: each request is answered. */
async function losesNoRequest(
  server: ServerProcess,
  endpoint: string,
  token: string,
  projectId: string,
): Promise<void> {
  let turnedAway = false;
  let answered = 0;
  const client = async () => {
    while (!turnedAway) {
      const reply = await fetch(`${endpoint}/v2/${projectId}/face-sets`, {
        headers: { 'X-Auth-Token': token },
      });
      await reply.json();
      expect(reply.status).toBe(200);
      answered += 1;
    }
  };
  const clients = Promise.all(Array.from({ length: 8 }, client));
  while (answered < 20) await pause(10);
  const slow = fetch(`${endpoint}/v2/${projectId}/face-detect`, {
    method: 'POST',
    headers: { 'X-Auth-Token': token },
    body: JSON.stringify({ image_base64: base64(2) }),
  });
  server.child.kill('SIGTERM');
  const before = answered;
  while ((await fetch(`${endpoint}/ready`)).status === 200) await pause(10);
  while (answered < before + 20) await pause(10);
  turnedAway = true;
  await clients;
  expect((await slow).status).toBe(200);
}

function makeCertificate(name: string, certificate: string, key: string): void {
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...[
        '-subj',
        `/CN=${name}`,
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-out',
        certificate,
        '-keyout',
        key,
      ],
    ],
    { stdio: 'ignore' },
  );
}

function overTls(port: number, path: string, ca: Buffer): Promise<{ status?: number; subject?: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, ca, agent: false }, (answer) => {
      answer.resume();
      const { subject } = (answer.socket as import('node:tls').TLSSocket).getPeerCertificate();
      resolve({ status: answer.statusCode ?? 0, subject: String(subject.CN) });
    });
    asked.on('error', reject).end();
  });
}
