import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startAwsStub } from './aws-stub.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

export interface PlannedResource {
  /** Pulumi's type: `aws:lambda/function:Function`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Is it left alone when the deployment is removed? */
  readonly retained: boolean;
}

export interface Plan {
  readonly resources: readonly PlannedResource[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Folder with a `<Function>/code.zip` for each function. */
  readonly artifacts: string;
}

/** What the stand-in answers where the deployment asks SSM for the secret key: not the one that was made at first. */
export const keyInSsm = `${'r'.repeat(43)}=,${'x'.repeat(43)}=`;

/** This shell's own settings are of other stores and other deployments: none of them gets into a plan. */
function withoutOwnSettings(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|FRS)_/.test(name)));
}

const quiet = { SST_SKIP_DEPENDENCY_CHECK: '1', SST_NO_BUN: '1', SST_TELEMETRY_DISABLED: '1' };

/** Unpacks SST's platform and writes its types, once. */
export async function installPlatform(): Promise<void> {
  await run('npx', ['sst', 'install', '--stage', 'ci'], {
    cwd: root,
    env: { ...withoutOwnSettings(), ...quiet },
  });
}

/** What SST has built for a plan, by what it was built from. */
export const builds = join(root, '.sst', 'check-builds.json');

/**
 * Runs the real `sst diff` on sst.config.ts, with AWS's first answers from a stub and Pulumi's engine stood
 * in for by its own mocks: every resource with its inputs, and the real bundles of the functions.
 * @param keptBuilds file with builds of earlier plans, which are taken from there and added to it; by default all are built
 */
export async function planCloud(
  settings: Readonly<Record<string, string>> = {},
  stage = 'ci',
  keptBuilds = '',
): Promise<Plan> {
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-plan-'));
  const aws = await startAwsStub();
  try {
    const bin = join(folder, 'config', 'sst', 'bin');
    await mkdir(bin, { recursive: true });
    const standIn = join(root, 'test', 'cloud', 'stand-in', 'pulumi.mjs');
    await writeFile(join(bin, 'pulumi'), `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`);
    await chmod(join(bin, 'pulumi'), 0o755);
    const planned = join(folder, 'plan.json');
    await run('npx', ['sst', 'diff', '--json', '--stage', stage], {
      cwd: root,
      maxBuffer: 64 << 20,
      env: {
        ...withoutOwnSettings(),
        ...quiet,
        XDG_CONFIG_HOME: join(folder, 'config'),
        OPENFRS_PLAN: planned,
        OPENFRS_PLAN_BUILDS: keptBuilds,
        AWS_ENDPOINT_URL: aws.endpoint,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ACCESS_KEY_ID: 'unused',
        AWS_SECRET_ACCESS_KEY: 'unused',
        AWS_REGION: 'us-east-1',
        OPENFRS_PLAN_KEY: keyInSsm,
        ...settings,
      },
    });
    const plan = JSON.parse(await readFile(planned, 'utf8')) as Omit<Plan, 'artifacts'>;
    return { ...plan, artifacts: join(root, '.sst', 'artifacts') };
  } finally {
    await aws.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
