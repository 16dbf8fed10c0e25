import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { photo } from '../support/photos.ts';
import { type Served, withService } from './load/served.ts';

/**
 * `npm run bench load [-- --seconds N --connections N --json FILE]`: mixed traffic over capacity against the whole service.
 * Pictures to detect and to search with from many connections, lists from a few; what each of them gets.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: { seconds: { type: 'string' }, connections: { type: 'string' }, json: { type: 'string' } },
  });
  const seconds = Number(values.seconds ?? 600);
  const connections = Number(values.connections ?? 200);
  await withService(async (served) => {
    const idle = await served.memory();
    const figures = await measure(served, seconds, connections);
    const memory = { idle, highest: figures.highest, after: await served.memory() };
    for (const row of figures.rows) console.log(JSON.stringify(row));
    console.log(`memory in MB: ${JSON.stringify(memory)}`);
    if (values.json)
      await writeFile(
        values.json,
        `${JSON.stringify({ seconds, connections, ...figures, memory }, undefined, 2)}\n`,
      );
  });
}

async function measure(served: Served, seconds: number, connections: number) {
  const { client, credentials } = served;
  await client.post('/face-sets', { face_set_name: 'load' });
  for (const number of [2, 3, 4] as const) await client.enrol('load', photo(number), `photo${number}`);
  const token = await served.token();
  const base = `${credentials.FRS_ENDPOINT}/v2/${credentials.FRS_PROJECT_ID}`;
  const image_base64 = photo(1).toString('base64');
  let highest = 0;
  const watch = setInterval(() => {
    void served.memory().then((now) => {
      highest = Math.max(highest, now);
    });
  }, 1000);
  const heavy = Math.max(1, Math.floor(connections / 2));
  const traffic = [
    fired('face-detect', heavy, seconds, `${base}/face-detect`, token, { image_base64 }),
    fired('face-search', connections - heavy, seconds, `${base}/face-sets/load/search`, token, {
      image_base64,
    }),
    fired('face-set-list', 4, seconds, `${base}/face-sets`, token),
  ];
  const rows = await Promise.all(traffic);
  clearInterval(watch);
  return { rows, highest };
}

/** One kind of request from some connections, as fast as it is answered. */
async function fired(
  name: string,
  connections: number,
  duration: number,
  url: string,
  token: string,
  json?: object,
) {
  const codes = new Map<string, number>();
  const done = autocannon({
    url,
    connections,
    duration,
    timeout: 120,
    method: json ? 'POST' : 'GET',
    headers: { 'x-auth-token': token, 'content-type': 'application/json' },
    ...(json && { body: JSON.stringify(json) }),
    setupClient: (client) => {
      client.on('body', (body: Buffer) => {
        const code = /"error_code":"([\w.]+)"/.exec(String(body).slice(0, 200))?.[1] ?? 'success';
        codes.set(code, (codes.get(code) ?? 0) + 1);
      });
    },
  });
  const { latency, requests, errors, timeouts, '5xx': faults } = await done;
  return {
    name,
    connections,
    answers: requests.total,
    codes: Object.fromEntries(codes),
    faults,
    errors,
    timeouts,
    ms: { p50: latency.p50, p90: latency.p90, p99: latency.p99, max: latency.max },
  };
}
