import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '@openfrs/core';
import { createClients } from '@openfrs/store';
import { compiled } from '../support/compiled.ts';
import { type Served, withService } from './load/served.ts';
import { fillSet } from './service/full-set.ts';
import { type Call, caller, noCounts } from './soak/calls.ts';
import { quantile } from './statistics/quantile.ts';

/**
 * `npm run bench backup [-- --faces N --seconds N --rate N]`: how much later requests are answered while a backup of a full set is
 * written. Searches, lists and updates of faces come at a fixed rate, without and with a backup in turn; the time of each is from
 * when it was due. Prints medians and 99 % quantiles.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      faces: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '30' },
      rate: { type: 'string', default: '8' },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-backup-bench-'));
  const seconds = Number(values.seconds);
  await withService(
    async (served) => {
      await fill(served, Number(values.faces));
      console.log(`${values.faces} faces are there`);
      const counts = noCounts();
      const call = await caller(served, counts);
      const load = (ends: Promise<unknown>) => traffic(call, Number(values.rate), ends);
      await load(sleep(5000));
      const without = await load(sleep(seconds * 1000));
      const begun = performance.now();
      const withBackup = await load(backup(served, folder));
      const tookS = (performance.now() - begun) / 1000;
      without.push(...(await load(sleep(seconds * 1000))));
      const [file = ''] = await readdir(folder);
      const megabytes = (await stat(join(folder, file))).size / 2 ** 20;
      console.log(`backup: ${tookS.toFixed(1)} s, ${megabytes.toFixed(1)} MB; faults: ${counts.faults}`);
      console.log('| | requests | median, ms | 99 %, ms |\n| --- | --- | --- | --- |');
      for (const [name, times] of Object.entries({ without, with: withBackup })) {
        const [median, p99] = [0.5, 0.99].map((part) => quantile(times, part).toFixed(0));
        console.log(`| ${name} | ${times.length} | ${median} | ${p99} |`);
      }
      console.log(`99 %: ${(quantile(withBackup, 0.99) / quantile(without, 0.99)).toFixed(2)} times`);
    },
    { everyMs: 10_000, exact: false },
  );
  await rm(folder, { recursive: true });
}

async function fill({ credentials }: Served, faces: number): Promise<void> {
  const clients = createClients(readConfig({ ...credentials }).aws);
  const where = { ...clients, table: 'openfrs-data', bucket: 'openfrs-index' };
  await fillSet(where, credentials.FRS_PROJECT_ID, 'full', faces);
  clients.destroy();
}

/** In a process of its own, as an operator runs it. */
async function backup({ credentials }: Served, folder: string): Promise<void> {
  const { bin, env: places } = await compiled();
  const env = { ...process.env, ...places, ...credentials };
  const child = spawn(process.execPath, [bin, 'backup', folder], { env, stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`The backup failed (${code}).`);
}

/** @returns milliseconds from when each request was due to its answer */
async function traffic(call: Call, rate: number, ends: Promise<unknown>): Promise<number[]> {
  const page = await call<{ faces: { face_id: string }[] }>('GET', '/full/faces?offset=0&limit=100');
  const ids = page?.faces.map(({ face_id }) => face_id) ?? [];
  const kinds = [
    (n: number) => call('POST', '/full/search', { face_id: ids[n % ids.length], top_n: 10 }),
    () => call('GET', '/full/faces?offset=500&limit=20'),
    (n: number) => call('POST', '/full/search', { face_id: ids[(7 * n) % ids.length], top_n: 5 }),
    (n: number) => call('PUT', '/full/faces', { face_id: ids[n % ids.length], external_image_id: `n${n}` }),
  ];
  const times: number[] = [];
  const open: Promise<void>[] = [];
  let goesOn = true;
  const end = ends.finally(() => {
    goesOn = false;
  });
  const begun = performance.now();
  for (let n = 0; goesOn; n += 1) {
    const due = begun + (n * 1000) / rate;
    await sleep(Math.max(0, due - performance.now()));
    const asked = kinds[n % kinds.length]?.(n) ?? Promise.resolve();
    open.push(asked.then(() => void times.push(performance.now() - due)));
  }
  await Promise.all([end, ...open]);
  return times;
}
