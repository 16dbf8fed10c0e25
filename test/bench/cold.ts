import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { operation } from '@openfrs/contract';
import { readConfig } from '@openfrs/core';
import { operationOfFunction } from '../cloud/expected-routes.ts';
import { type CloudHost, startCloud } from '../cloud/lambda/gateway.ts';
import { bareFunction } from './cold/bare.ts';
import type { BareAnswer, BareWork } from './cold/bare-function.ts';
import { type ModelWork, modelWork } from './cold/model-runs.ts';
import { type ColdRow, coldLine, coldPage, type Round } from './cold/page.ts';
import { assertReportWritable, BenchInputError } from './inputs/inputs.ts';
import { clip, type OperationCall, operationCalls, picture } from './lambda/calls.ts';
import { type Deployed, withDeployment } from './lambda/deployed.ts';

const warmRepeats = 3;

/**
 * `npm run bench cold [-- --rounds N --only NAME… --json FILE]`: of each operation's function, run as Lambda runs it, how long a new process
 * takes until its first answer, beside one that only imports the packages, makes the sessions and runs them on inputs of the same
 * shape. Rounds by turns; their files have been read before, as on a host that has had the function.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
    },
  });
  assertReportWritable(values.json);
  const rounds = Number(values.rounds);
  await withDeployment(async (deployed) => {
    const calls = await operationCalls(deployed.cloud);
    const unknown = values.only?.find((name) => calls.every((one) => one.name !== name));
    if (unknown !== undefined) throw new BenchInputError(`There is no operation ${unknown}.`);
    const chosen = calls.filter(({ name }) => values.only?.includes(name) ?? true);
    const rows = await measure(deployed, chosen, rounds);
    console.log(await coldPage(rows, deployed.layers));
    if (values.json) await writeFile(values.json, `${JSON.stringify({ rounds, rows }, undefined, 2)}\n`);
  });
}

async function measure(
  deployed: Deployed,
  calls: readonly OperationCall[],
  rounds: number,
): Promise<ColdRow[]> {
  const { cloud, plan, node, runtime } = deployed;
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-bare-'));
  const own = (name: string) => {
    const config = cloud.functions.get(operationOfFunction({ name }));
    if (config === undefined) throw new Error(`The deployment has no function for ${name}.`);
    return config;
  };
  const bares = await Promise.all(calls.map(({ name }) => bareFunction(operation(name), own(name), folder)));
  const bare = await startCloud([], bares, node, runtime);
  try {
    const opt = own('face-detect').environment.FRS_MODELS_DIR ?? '';
    const works = await modelWork(readConfig().modelsDir, opt);
    const rows: ColdRow[] = [];
    for (const one of calls) {
      const { name } = one;
      const function_ = own(name).name;
      const sizes = {
        bundleBytes: (await stat(join(plan.artifacts, function_, 'code.zip'))).size,
        layers: operation(name).needs.some((need) => need === 'video')
          ? ['native-x64', 'models', 'ffmpeg']
          : operation(name).needs.some((need) => need === 'vision')
            ? ['native-x64', 'models']
            : [],
      };
      const measured: Round[] = [];
      let requests = 0;
      for (let round = -1; round < rounds; round += 1) {
        const ours = await firstAnswer(deployed, one, function_);
        requests = ours.requests;
        const theirs = await firstBareAnswer(bare, `bare-${name}`, {
          table: String(own(name).environment.FRS_TABLE_ACCOUNTS),
          requests,
          ...inputsOf(works.get(name), name === 'live-detect'),
        });
        // The first round has the files read.
        if (round >= 0) measured.push({ ...ours, bare: theirs });
      }
      const row = { name, ...sizes, requests, rounds: measured };
      rows.push(row);
      // All of them take long: what is measured is told, whatever comes of the next.
      console.error(coldLine(row));
    }
    return rows;
  } finally {
    await bare.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function inputsOf(work: ModelWork | undefined, video: boolean): Omit<BareWork, 'table' | 'requests'> {
  if (work === undefined) return { pictures: [], runs: [] };
  return {
    pictures: Array.from({ length: work.pictures }, () => picture.toString('base64')),
    ...(video && { video: clip()?.toString('base64') ?? '' }),
    runs: work.runs,
  };
}

/** Of a new instance. */
async function firstAnswer({ cloud }: Deployed, { prepare, call }: OperationCall, function_: string) {
  await prepare?.();
  cloud.kill(function_);
  const asked = cloud.asked.length;
  const begun = performance.now();
  await call();
  const ms = performance.now() - begun;
  const { initMs, processorMs } = cloud.taken(function_);
  const requests = cloud.asked.length - asked;
  const warm: number[] = [];
  for (let repeat = 0; repeat < warmRepeats; repeat += 1) {
    await prepare?.();
    const since = performance.now();
    await call();
    warm.push(performance.now() - since);
  }
  return { ms, initMs, processorMs, requests, warmMs: Math.min(...warm) };
}

async function firstBareAnswer(bare: CloudHost, name: string, work: BareWork): Promise<Round['bare']> {
  bare.kill(name);
  const begun = performance.now();
  const result = await bare.invoke(name, work);
  const ms = performance.now() - begun;
  if (!result.ok) throw new Error(`${name}: ${result.error}`);
  const { processorMs } = bare.taken(name);
  return { ms, processorMs, ...(result.payload as BareAnswer) };
}
