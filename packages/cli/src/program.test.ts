import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { accessKeyOf, newSecretKey, secretKeys, verifyPassword } from '@openfrs/core';
import { sdkVariables } from '@openfrs/embedded';
import { startInThread } from '@openfrs/embedded/in-thread';
import { createBuckets, createClients, createFaceSets, createTables, dynamodbAccounts } from '@openfrs/store';
import type { Command } from 'commander';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../test/support/run-command.ts';
import { program } from './program.ts';

const embedded = await startInThread();
const clients = createClients({ ...embedded, credentials: embedded });
await createTables(clients.dynamodb, ['openfrs-accounts', 'openfrs-data', 'openfrs-limits']);
await createBuckets(clients.s3, ['openfrs-index', 'openfrs-media']);
const accounts = dynamodbAccounts(clients.dynamodb, 'openfrs-accounts');
const secretKey = newSecretKey();
const folder = await mkdtemp(join(tmpdir(), 'openfrs-cli-'));
afterAll(async () => {
  clients.destroy();
  await embedded.stop();
  await rm(folder, { recursive: true });
});

const environment = {
  ...sdkVariables(embedded),
  FRS_SECRET_KEY: secretKey,
};

const frs = (line: string, env: Record<string, string | undefined> = environment, input = '') =>
  runCommand(line.split(' '), env, input);

async function json(line: string, input?: string): Promise<Record<string, unknown>> {
  const { code, out, err } = await frs(`${line} --json`, environment, input);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Record<string, unknown>;
}

async function refused(line: string): Promise<string> {
  const { code, out, err } = await frs(line);
  expect([code, out]).toEqual([1, '']);
  return err;
}

describe('accounts', () => {
  it('are made whole, with secrets that work and are shown once', async () => {
    const made = await json('account create acme --user ann --project eu-west-0 --bucket media photos');
    expect(Object.keys(made)).toEqual(
      expect.arrayContaining(['domainId', 'userId', 'projectId', 'password', 'ak', 'sk']),
    );
    const key = await accessKeyOf(String(made.ak), accounts);
    expect(secretKeys(secretKey).open(key.sealedSecret, key.id)).toBe(made.sk);
    const user = await accounts.user(String(made.userId));
    expect(await verifyPassword(String(made.password), user?.passwordHash)).toBe(true);
    expect(await json('project show eu-west-0')).toMatchObject({
      buckets: ['media', 'photos'],
      frozen: false,
    });
    for (const line of ['user show ann', 'key list', 'project list', 'domain list']) {
      const { out } = await frs(line);
      for (const secret of [made.password, made.sk, key.sealedSecret, user?.passwordHash]) {
        expect(out).not.toContain(secret);
      }
    }
  });

  it('are not made twice', async () => {
    expect(await refused('account create acme')).toBe('The domain "acme" exists already.\n');
  });

  it('need FRS_SECRET_KEY', async () => {
    const { code, err } = await frs('account create other', { ...environment, FRS_SECRET_KEY: '' });
    expect([code, err]).toEqual([1, expect.stringContaining('FRS_SECRET_KEY')]);
  });
});

describe('users', () => {
  it('are created, listed, disabled, enabled and deleted', async () => {
    expect(await json('user create bob')).toMatchObject({
      name: 'bob',
      enabled: true,
      password: expect.stringMatching(/^\w{24}$/),
    });
    expect(await json('user disable bob')).toMatchObject({ enabled: false });
    expect(await json('user enable bob')).toMatchObject({ enabled: true });
    expect(await json('user grant-operator bob')).toMatchObject({ operator: true });
    expect(await json('user show bob')).toMatchObject({ enabled: true, operator: true });
    expect(await json('user revoke-operator bob')).toMatchObject({ operator: false });
    expect((await frs('user list')).out).toMatch(
      /^name\s+id\s+domainId\s+enabled\s+operator\n(ann|bob).*\n(ann|bob).*\n$/,
    );
    await json('user delete bob');
    expect(await refused('user show bob')).toContain('does not exist');
  });

  it('get the password that was typed, or one made up', async () => {
    await json('user create eve --password-stdin', 'my own password\n');
    const eve = async () =>
      (await accounts.userByName((await accounts.domainByName('acme'))?.id ?? '', 'eve'))?.passwordHash;
    expect(await verifyPassword('my own password', await eve())).toBe(true);
    const { password } = await json('user set-password eve');
    expect(await verifyPassword(String(password), await eve())).toBe(true);
    expect((await frs('user set-password eve --password-stdin', environment, 'short')).err).toContain(
      '8 to 128',
    );
  });
});

describe('keys', () => {
  it('are created, shown, rotated, disabled, enabled, resealed and deleted', async () => {
    const first = await json('key create ann');
    const second = await json(`key rotate ${first.ak}`);
    expect(await json(`key show ${first.ak}`)).toMatchObject({ ak: first.ak, enabled: false });
    expect(await json(`key disable ${second.ak}`)).toMatchObject({ enabled: false });
    expect(await json(`key enable ${second.ak}`)).toMatchObject({ enabled: true });
    const newer = newSecretKey();
    const { code } = await frs('key reseal', { ...environment, FRS_SECRET_KEY: `${newer},${secretKey}` });
    expect(code).toBe(0);
    const key = await accessKeyOf(String(second.ak), accounts);
    expect(secretKeys(newer).open(key.sealedSecret, key.id)).toBe(second.sk);
    await frs('key reseal', { ...environment, FRS_SECRET_KEY: `${secretKey},${newer}` });
    await json(`key delete ${first.ak}`);
    expect(await refused(`key show ${first.ak}`)).toContain('does not exist');
  });
});

describe('projects', () => {
  it('are created, renamed, disabled, gated and deleted', async () => {
    const { id } = await json('project create eu-west-1 --bucket media');
    expect(await json('project rename eu-west-1 eu-west-2')).toMatchObject({ id, name: 'eu-west-2' });
    expect(await json('project disable eu-west-2')).toMatchObject({ enabled: false });
    expect(await json(`project enable ${id}`)).toMatchObject({ enabled: true });
    expect(await json(`project quality-gate ${id} 0.4`)).toMatchObject({ qualityGate: 0.4 });
    expect(await refused(`project quality-gate ${id} high`)).toContain('not a number');
    expect(await json(`project show ${id}`)).toMatchObject({ requiresChallenge: false });
    expect(await json(`project require-challenge ${id} on`)).toMatchObject({ requiresChallenge: true });
    expect(await json(`project require-challenge ${id} off`)).toMatchObject({ requiresChallenge: false });
    expect(await refused(`project require-challenge ${id} yes`)).toContain('on or off');
    await json(`project delete ${id}`);
    expect(await refused(`project show ${id}`)).toContain('does not exist');
  });

  it('have quotas', async () => {
    expect(await json('quota set eu-west-0 --face-sets 20 --requests-per-minute 600')).toMatchObject({
      faceSets: 20,
    });
    expect(await json('quota show eu-west-0')).toEqual({
      faceSets: 20,
      faceSetCapacity: 100_000,
      requestsPerMinute: 600,
    });
    expect(await refused('quota set eu-west-0 --face-set-capacity 15000')).toContain('multiple of 10000');
    expect(await refused('quota set eu-west-0')).toContain('--help');
  });

  it('have subscriptions, which can be frozen', async () => {
    expect(await json('subscription remove eu-west-0 detect compare')).toMatchObject({
      services: expect.not.arrayContaining(['detect']),
    });
    expect(await json('subscription add eu-west-0 detect')).toMatchObject({
      services: expect.arrayContaining(['detect', 'search']),
    });
    expect(await refused('subscription add eu-west-0 nothing')).toContain('no service');
    expect(await json('subscription freeze eu-west-0')).toMatchObject({ frozen: true });
    expect((await frs('subscription show eu-west-0')).out).toMatch(/compare +false +true\n/);
    expect(await json('subscription unfreeze eu-west-0')).toMatchObject({ frozen: false });
  });

  it('have buckets', async () => {
    await json('bucket authorise eu-west-0 more');
    await json('bucket revoke eu-west-0 media');
    expect((await frs('bucket list eu-west-0')).out).toBe('bucket\nphotos\nmore\n');
    expect(await refused('bucket authorise eu-west-0 No_Bucket')).toContain('not the name of a bucket');
  });
});

describe('maintenance', () => {
  const faceSets = createFaceSets({ ...clients, table: 'openfrs-data', bucket: 'openfrs-index' });
  const spec = { name: 'people', capacity: 10_000, fields: {}, model: 'm', dimension: 64 };
  const face = { box: { topLeftX: 0, topLeftY: 0, width: 1, height: 1 }, externalImageId: 'a', fields: {} };

  it('takes faces into segments, and finds everything in order', async () => {
    const { id } = await json('project create kept');
    const set = await faceSets.create(String(id), spec, 10);
    await faceSets.add(set, [{ ...face, vector: new Float32Array(64).fill(0.125) }]);
    expect((await frs('compact kept people --all')).out).toMatch(/people +1 +1\n/);
    const { code, out } = await frs('doctor');
    expect(out).toMatch(/face set kept\/people +ok +1 faces\n/);
    expect(out).toMatch(/clock +ok/);
    expect(out).toMatch(/limits table +ok/);
    expect((await frs('enrol-log kept')).err).toContain('No photo');
    expect(out).toMatch(/secret key +ok +opens \d access keys/);
    expect(code).toBe(/models +ok/.test(out) ? 0 : 1);
    expect(await json('sweep')).toMatchObject({ compacted: 0, purged: 0 });
    expect(await refused('project delete kept')).toContain('--yes');
    await json('project delete kept --yes');
    expect(await faceSets.list(String(id))).toEqual([]);
  });

  it('says what is wrong, and fails then', async () => {
    const strange = await frs('doctor --quick', { ...environment, FRS_SECRET_KEY: newSecretKey() });
    expect([strange.code, strange.out]).toEqual([
      1,
      expect.stringMatching(/secret key +wrong +.*FRS_SECRET_KEY/),
    ]);
    const lost = await frs('doctor', { ...environment, FRS_BUCKET_INDEX: 'nowhere' });
    expect([lost.code, lost.out]).toEqual([1, expect.stringMatching(/index bucket +wrong/)]);
    expect(lost.out).toMatch(/face sets +wrong +none was checked: first mend the index bucket/);
    const mediaLost = await frs('doctor --quick', { ...environment, FRS_BUCKET: 'nowhere' });
    expect([mediaLost.code, mediaLost.out]).toEqual([
      1,
      expect.stringMatching(/media bucket +wrong +nowhere is not there: openfrs setup/),
    ]);
    const { id } = await json('project create kept');
    await faceSets.create(String(id), spec, 10);
    const noMedia = await frs('doctor', { ...environment, FRS_BUCKET: 'nowhere' });
    expect(noMedia.out).toMatch(/face set kept\/people +ok +0 faces/);
    const away = await frs('doctor', { ...environment, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' });
    expect([away.code, away.out]).toEqual([1, expect.stringMatching(/accounts table +wrong +Can't reach/)]);
  });
});

describe('settings', () => {
  it('that there are are fine, and one that there is not is found before a server meets it', async () => {
    expect((await frs('doctor --quick')).out).toMatch(/settings +ok +[1-9]\d* of \d+ are set/);
    const { code, out } = await frs('doctor --quick', { ...environment, FRS_PROT: '80' });
    expect([code, out]).toEqual([1, expect.stringMatching(/settings +wrong +FRS_PROT is no setting/)]);
    const wrong = await frs('doctor --quick', { ...environment, PORT: 'http' });
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/^PORT /)]);
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  it.runIf(openssl)('of TLS are a certificate and its key, that lasts', async () => {
    const [certificate, key] = [join(folder, 'tls.pem'), join(folder, 'tls.key')];
    const made = (days: number) => {
      const subject = ['-subj', '/CN=a', '-addext', 'subjectAltName=DNS:frs.example.com'];
      const files = ['-keyout', key, '-out', certificate];
      const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
      const request = ['req', '-x509', ...curve, '-nodes', '-days', String(days)];
      spawnSync('openssl', [...request, ...subject, ...files], { stdio: 'ignore' });
      return { ...environment, FRS_TLS_CERTIFICATE_FILE: certificate, FRS_TLS_KEY_FILE: key };
    };
    expect((await frs('doctor --quick', made(90))).out).toMatch(
      /certificate +ok +DNS:frs\.example\.com, for (89|90) days/,
    );
    const lasting = made(90);
    const after = async (days: number) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 });
      const { out } = await frs('doctor --quick', lasting);
      vi.useRealTimers();
      return out;
    };
    expect(await after(80)).toMatch(/certificate +wrong +It ends on .*: renew it/);
    expect(await after(-1)).toMatch(/certificate +wrong +It is valid from .* on/);
    expect((await frs('doctor --quick', made(6))).out).toMatch(/certificate +ok +.*, for [56] days/);
    const mixed = made(90);
    await writeFile(key, 'no key');
    expect((await frs('doctor --quick', mixed)).out).toMatch(
      /certificate +wrong +FRS_TLS_CERTIFICATE and FRS_TLS_KEY are no certificate/,
    );
  });
});

describe('a name', () => {
  it('of a domain is needed only where there are several', async () => {
    await json('domain create second');
    expect(await refused('user list')).toContain('--domain');
    expect((await frs('user list --domain second')).err).toContain('No user');
    await json('domain disable second');
    expect(await json('domain show second')).toMatchObject({ enabled: false });
  });

  it('cannot steer the terminal', async () => {
    const domain = await accounts.domainByName('second');
    if (domain === undefined) throw new Error('no domain');
    await accounts.putDomain({ ...domain, name: 'evil\u001b[2J\u0007name' }, 'existing');
    const { out } = await frs('domain list');
    expect(out).toContain('evilname');
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('the local server', () => {
  it('is found by its data folder', async () => {
    const lines = Object.entries(environment).filter(([name]) => name.startsWith('AWS_'));
    await writeFile(
      join(folder, 'credentials.env'),
      lines.map(([name, value]) => `${name}=${value}\n`).join(''),
    );
    await writeFile(join(folder, 'secret.key'), `${secretKey}\n`);
    const { code, out } = await frs('key create ann --domain acme --json', { FRS_DATA_DIR: folder });
    expect(code).toBe(0);
    const { ak, sk } = JSON.parse(out) as { ak: string; sk: string };
    expect(secretKeys(secretKey).open((await accessKeyOf(ak, accounts)).sealedSecret, ak)).toBe(sk);
  });

  it('keeps its secrets from others, or the doctor says so', async () => {
    const file = join(folder, 'secret.key');
    await chmod(file, 0o644);
    const open = await frs('doctor --quick', { FRS_DATA_DIR: folder });
    expect([open.code, open.out]).toEqual([1, expect.stringContaining(`chmod 600 ${file}`)]);
    await chmod(file, 0o600);
    expect((await frs('doctor --quick', { FRS_DATA_DIR: folder })).out).toMatch(
      /secret\.key +ok +for its owner only\n/,
    );
  });

  it('is named where it can not be reached', async () => {
    const { code, err } = await frs('domain list', {
      ...environment,
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
    });
    expect([code, err]).toEqual([1, expect.stringContaining('npm start')]);
  });

  it('has its table, or that is said', async () => {
    const { err } = await frs('domain list', { ...environment, FRS_TABLE_ACCOUNTS: 'nowhere' });
    expect(err).toContain('FRS_TABLE_ACCOUNTS');
  });
});

it.each(['bogus', 'user bogus', 'user show', 'user show ann bob', 'user list --bogus'])(
  '"%s" is not understood: exit code 2',
  async (line) => {
    const { code, err } = await frs(line);
    expect([code, err]).toEqual([2, expect.stringContaining('error:')]);
  },
);

it('failures are JSON too where JSON was asked for', async () => {
  const { code, err } = await frs('user show nobody --domain acme --json');
  expect([code, JSON.parse(err)]).toEqual([
    1,
    { error: 'The user "nobody" of the domain "acme" does not exist.' },
  ]);
});

it('every command explains itself, and takes --json where it has an answer', async () => {
  const terminal = { environment, stdin: Readable.from([]), stdout: process.stdout, stderr: process.stderr };
  const root = program({ terminal, failed: false, stores: () => Promise.reject(new Error('not needed')) });
  const commands = root.commands.flatMap((group: Command) =>
    group.commands.length > 0 ? group.commands : [group],
  );
  expect(commands.length).toBeGreaterThan(30);
  for (const command of commands) {
    const help = command.helpInformation();
    expect([command.name(), command.description()]).toEqual([
      command.name(),
      expect.stringMatching(/\w+ \w+/),
    ]);
    // A server has none: it ends when it is told to.
    if (command.name() !== 'serve') expect(help, command.name()).toContain('--json');
  }
});

describe('a secret that a file holds', () => {
  it('is read from it', async () => {
    const file = join(folder, 'secret-key');
    await writeFile(file, `${secretKey}\n`, { mode: 0o600 });
    const named = { ...environment, FRS_SECRET_KEY: undefined, FRS_SECRET_KEY_FILE: file };
    const { code, err } = await frs('key create nobody --domain nowhere', named);
    // It came as far as the account.
    expect([code, err]).toEqual([1, expect.not.stringContaining('FRS_SECRET_KEY')]);
    expect((await frs('doctor --quick', named)).out).toMatch(/secret key\s+ok/);
  });
});

describe('models', () => {
  it('of a set are brought by consent to their licences, which are shown', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openfrs-cli-models-'));
    const own = { ...environment, FRS_MODELS_DIR: folder };
    const asked = await frs('models add recommended', own);
    expect(asked.code).not.toBe(0);
    expect(asked.err).toContain('minifasnet-v2se: Apache-2.0. Trained on: CelebA-Spoof');
    expect(asked.err).toContain('sface: Apache-2.0. Trained on: Not stated by OpenCV Zoo');
    expect(asked.err).toContain('--accept-licence');
    expect((await frs('models add recommended --accept-licence', own)).err).toContain('--from');
    const empty = await frs(`models add recommended --accept-licence --from ${folder}`, own);
    expect(empty.err).toContain('has no file with the sha256');
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

describe('API tokens', () => {
  it('are made, listed without their secret, and revoked by id or by their text', async () => {
    await json('account create tokens --user tim --project for-tokens');
    const made = await json('token create --domain tokens --name door --days 365 --read-only --set one two');
    expect(made).toMatchObject({ name: 'door', access: 'read', faceSets: ['one', 'two'] });
    expect(made.token).toMatch(/^frs_[a-z0-9]{16}_[A-Za-z0-9]{40}$/);
    const days = (Date.parse(String(made.expiresAt)) - Date.parse(String(made.createdAt))) / 86_400_000;
    expect(days).toBe(365);
    const second = await json('token create --domain tokens --name other');
    const { out } = await frs('token list --domain tokens');
    expect(out).toMatch(/door/);
    for (const { token } of [made, second]) expect(out).not.toContain(String(token).split('_')[2]);
    await json(`token revoke ${made.token}`);
    await json(`token revoke ${second.id}`);
    expect((await frs('token list --domain tokens')).err).toBe('No token.\n');
    const again = await refused(`token revoke ${made.token}`);
    expect(again).not.toContain(String(made.token));
    await json('token create --domain tokens');
    await json('user delete tim --domain tokens');
    expect(await refused('token create --domain tokens')).toMatch(/no user/);
  });
});
