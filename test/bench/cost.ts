import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { OperationName } from '@openfrs/contract';
import { operationOfFunction } from '../cloud/expected-routes.ts';
import type { Deployment } from '../cloud/lambda/deployment.ts';
import { canShare } from '../cloud/lambda/processor-share.ts';
import { functionOf } from '../cloud/plan-facts.ts';
import { costPage, type Measured, written } from './cost/page.ts';
import { assertReportWritable, BenchInputError } from './inputs/inputs.ts';
import { type OperationCall, operationCalls } from './lambda/calls.ts';
import { withDeployment } from './lambda/deployed.ts';
import { median } from './statistics/quantile.ts';

/** Of each memory, after two that don't count. */
const repeats = 7;
/** From what the smallest function has to what a new AWS account may have. */
const sweep = [512, 884, 1024, 1536, 1769, 2048, 3008];
/** A processor comes with so many megabytes: Lambda gives less memory a share of one, and more the share of two. */
const megabytesAProcessor = 1769;

/** The operations of the table: those that are called often. */
const priced: ReadonlySet<OperationName> = new Set([
  'token-create',
  'face-detect',
  'face-compare',
  'face-add',
  'face-search',
  'face-list',
  'live-detect-face',
]);

/**
 * `npm run bench cost [-- --only NAME… --write FILE --json FILE]`: runs the built functions as Lambda does, with the processor time that each memory
 * gets, and prints as Markdown what 1,000 calls of each operation cost at which memory. `--write` puts it into the marked part of a
 * page (`packages/infra/COST.md`). Linux on x64, as root with control groups (version 1). Layers that are missing or old are built first.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      only: { type: 'string', multiple: true },
      write: { type: 'string' },
      json: { type: 'string' },
    },
  });
  assertReportWritable(values.json);
  if (!canShare()) {
    throw new BenchInputError('Processor time is shared out by control groups (version 1), as root.');
  }
  await withDeployment(async ({ cloud, plan }) => {
    const rows: Measured[] = [];
    for (const one of await operationCalls(cloud)) {
      const { name } = one;
      if (!(values.only?.includes(name) ?? priced.has(name))) continue;
      const own = operationOfFunction({ name });
      const deployed = Number(functionOf(plan, own).memorySize);
      const sizes = [];
      for (const megabytes of [...new Set([...sweep, deployed])].sort((a, b) => a - b)) {
        sizes.push(await measure(cloud, own, one, megabytes));
      }
      rows.push({ name, deployed, sizes });
      console.error(`${name} measured`);
    }
    const page = costPage(rows);
    console.log(page);
    if (values.json) await writeFile(values.json, `${JSON.stringify({ rows }, undefined, 2)}\n`);
    if (values.write) await writeFile(values.write, written(await readFile(values.write, 'utf8'), page));
  });
}

async function measure(
  cloud: Deployment,
  own: string,
  { call }: OperationCall,
  megabytes: number,
): Promise<Measured['sizes'][number]> {
  cloud.configure(own, { memoryMb: megabytes, processors: megabytes / megabytesAProcessor });
  await call();
  await call();
  const before = cloud.asked.length;
  const { processorMs } = cloud.taken(own);
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    await call();
    times.push(cloud.taken(own).invocationMs);
  }
  const actions = cloud.asked.slice(before).map(({ action }) => action);
  const count = (pattern: RegExp) => actions.filter((action) => pattern.test(action)).length / repeats;
  const taken = cloud.taken(own);
  return {
    megabytes,
    ms: median(times),
    leastMs: Math.min(...times),
    processorMs: (taken.processorMs - processorMs) / repeats,
    peakMegabytes: taken.peakMegabytes,
    reads: count(/^dynamodb:(Get|BatchGet|Query)/),
    writes: count(/^dynamodb:(Put|Update|Delete|BatchWrite)/),
    gets: count(/^s3:GetObject/),
  };
}
