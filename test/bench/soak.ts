import { parseArgs } from 'node:util';
import { photo } from '../support/photos.ts';
import { type Served, withService } from './load/served.ts';

/**
 * `npm run bench soak [-- --minutes N --every SECONDS]`: sets that come and go, faces that are added, changed, searched and
 * deleted. Prints memory, handles and disk as time goes by: flat, or something leaks.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: { minutes: { type: 'string' }, every: { type: 'string' } },
  });
  const lasts = Number(values.minutes ?? 60) * 60_000;
  const every = Number(values.every ?? 30) * 1000;
  await withService(async (served) => {
    const counts = { sets: 0, adds: 0, deletes: 0, searches: 0, faults: 0 };
    const started = Date.now();
    const report = async () => {
      const [memory, handles, disk] = await Promise.all([served.memory(), served.handles(), served.disk()]);
      const seconds = Math.round((Date.now() - started) / 1000);
      console.log(JSON.stringify({ seconds, memory, handles, disk, ...counts }));
    };
    const watch = setInterval(() => void report(), every);
    await Promise.all(
      Array.from({ length: 4 }, (_, worker) => churn(served, worker, started + lasts, counts)),
    );
    clearInterval(watch);
    await report();
    if (counts.faults > 0) process.exitCode = 1;
  });
}

/** One set after the other, each filled, searched, thinned out and deleted. */
async function churn(
  { client, credentials, token: newToken }: Served,
  worker: number,
  end: number,
  counts: { sets: number; adds: number; deletes: number; searches: number; faults: number },
): Promise<void> {
  const base = `${credentials.FRS_ENDPOINT}/v2/${credentials.FRS_PROJECT_ID}/face-sets`;
  const headers = { 'x-auth-token': await newToken() };
  const remove = async (path: string) => {
    const { status } = await fetch(base + path, { method: 'DELETE', headers });
    if (status !== 200) counts.faults += 1;
  };
  const image_base64 = photo((1 + (worker % 6)) as 1).toString('base64');
  for (let round = 0; Date.now() < end; round++) {
    const set = `soak-${worker}-${round}`;
    if ((await client.post('/face-sets', { face_set_name: set })).status !== 200) counts.faults += 1;
    counts.sets += 1;
    for (let face = 0; face < 20 && Date.now() < end; face++) {
      const added = await client.post<{ faces?: { face_id: string }[] }>(`/face-sets/${set}/faces`, {
        image_base64,
        single: true,
      });
      if (added.status !== 200) counts.faults += 1;
      counts.adds += 1;
      const face_id = added.body.faces?.[0]?.face_id;
      if (face % 5 === 0 && face_id) {
        const found = await client.post(`/face-sets/${set}/search`, { face_id });
        if (found.status !== 200) counts.faults += 1;
        counts.searches += 1;
      }
      if (face % 2 === 0 && face_id) {
        await remove(`/${set}/faces?face_id=${face_id}`);
        counts.deletes += 1;
      }
    }
    await remove(`/${set}`);
  }
}
