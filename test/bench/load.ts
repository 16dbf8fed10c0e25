import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { photo } from '../support/photos.ts';
import { assertReportWritable } from './inputs/inputs.ts';
import { benchHostile } from './load/hostile/hostile.ts';
import { type Served, withService } from './load/served.ts';
import { sendApart, settleSeconds, times } from './load/traffic.ts';

/**
 * `npm run bench load [-- --seconds N --connections N --rate N --json FILE]`: mixed traffic over capacity against the whole
 * service. One project floods it with pictures to detect (three quarters) and to search with, another one sends a
 * picture now and then, and both look at their lists; what each of them gets. Fails at any answer of 500 and above.
 *
 * `npm run bench load -- --hostile [--seconds N --only NAME --json FILE]`: each known attack at full strength beside an honest client; see
 * `load/hostile`.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      seconds: { type: 'string' },
      connections: { type: 'string' },
      rate: { type: 'string' },
      json: { type: 'string' },
      hostile: { type: 'boolean' },
      only: { type: 'string' },
    },
  });
  assertReportWritable(values.json);
  if (values.hostile) return await benchHostile(values);
  const seconds = Number(values.seconds ?? 600);
  const connections = Number(values.connections ?? 200);
  const rate = Number(values.rate ?? 200);
  await withService(
    async (served) => {
      const idle = await served.memory();
      const { rows, highest, cores, lists, late } = await measure(served, seconds, connections, rate);
      const memory = { idle, highest, after: await served.memory() };
      for (const row of rows) console.log(JSON.stringify(row));
      console.log(JSON.stringify({ memory, cores, of: availableParallelism(), lists, late }));
      const figures = { seconds, connections, rate, rows, memory, cores, lists, late };
      if (values.json) await writeFile(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
      if (rows.some(({ faults }) => faults > 0)) process.exitCode = 1;
    },
    { everyMs: 5000, exact: false },
  );
}

async function measure(served: Served, seconds: number, connections: number, rate: number) {
  const { client, credentials } = served;
  await client.post('/face-sets', { face_set_name: 'load' });
  for (const number of [2, 3, 4] as const) await client.enrol('load', photo(number), `photo${number}`);
  const json = { image_base64: photo(1).toString('base64') };
  const flood = { base: base(served, credentials.FRS_PROJECT_ID), token: await served.token() };
  const { id } = (await served.operate('project', 'create', 'other')) as { id: string };
  const other = { base: base(served, id), token: await served.token('other') };
  const settled = Date.now() + (settleSeconds + 5) * 1000;
  const watch = watching(served, settled);
  const before = await served.cpu();
  const searching = Math.ceil(connections / 4);
  const rows = await Promise.all(
    [
      {
        name: 'flood: face-detect',
        url: `${flood.base}/face-detect`,
        connections: connections - searching,
        rate: Math.ceil((rate * 3) / 4),
        json,
      },
      {
        name: 'flood: face-search',
        url: `${flood.base}/face-sets/load/search`,
        connections: searching,
        rate: Math.ceil(rate / 4),
        json,
      },
      { name: 'flood: face-set-list', url: `${flood.base}/face-sets`, connections: 4, rate: 20 },
      { name: 'other: face-detect', url: `${other.base}/face-detect`, connections: 1, json },
      { name: 'other: face-set-list', url: `${other.base}/face-sets`, connections: 4, rate: 20 },
    ].map((traffic) =>
      sendApart({ ...traffic, token: traffic.name.startsWith('flood') ? flood.token : other.token }, seconds),
    ),
  );
  const cores = Math.round(((await served.cpu()) - before) / (seconds + settleSeconds) / 0.01) / 100;
  // Seen from within: the sender of all this shares the cores, and its own delays are in the rows' times.
  const lists = times(await served.audited('face-set-list', settled));
  return { rows, cores, lists, ...watch.end() };
}

const base = ({ credentials }: Served, projectId: string) => `${credentials.FRS_ENDPOINT}/v2/${projectId}`;

/** Each second the service's memory; and how late its first thread was, at worst in five seconds. */
function watching(served: Served, settled: number) {
  let highest = 0;
  const late = { p99: 0, max: 0 };
  const timer = setInterval(async () => {
    highest = Math.max(highest, await served.memory());
    const main = Date.now() < settled ? undefined : new Map(await served.usage()).get('main')?.late;
    late.p99 = Math.max(late.p99, main?.p99 ?? 0);
    late.max = Math.max(late.max, main?.max ?? 0);
  }, 1000);
  return {
    end() {
      clearInterval(timer);
      return { highest, late };
    },
  };
}
