import { tell } from '../log.ts';
import type { Store } from './store.ts';

/** Objects of a bucket below a prefix go when they are older than this, and so do uploads that were never completed. */
export interface ExpiryRule {
  readonly bucket: string;
  readonly prefix: string;
  readonly afterMs: number;
}

/** S3 looks once a day; a test shouldn't wait for it. */
const everyMs = 10 * 60_000;

/** Applies the rules now and every ten minutes. @returns stops it */
export function keepExpiring(store: Store, rules: readonly ExpiryRule[]): () => void {
  if (rules.length === 0) return () => {};
  const all = async () => {
    for (const rule of rules) await expire(store, rule, new Date());
  };
  const run = () =>
    void all().catch((error) => tell('error', 'embedded S3, removing what has expired', error));
  run();
  const timer = setInterval(run, everyMs).unref();
  return () => clearInterval(timer);
}

/** Removes what the rule says has expired by now. */
async function expire(store: Store, { bucket, prefix, afterMs }: ExpiryRule, now: Date): Promise<void> {
  const isOld = (time: string) => Date.parse(time) + afterMs <= now.getTime();
  for await (const { key, record } of store.catalog.objects(bucket, prefix, Buffer.alloc(0))) {
    if (!isOld(record.modifiedAt)) continue;
    await store.change(bucket, key, 'ObjectRemoved:Delete', undefined, () => {});
  }
  for (const { id, record } of await store.catalog.uploads(bucket)) {
    if (!record.key.startsWith(prefix) || !isOld(record.startedAt)) continue;
    await store.locks.run(`upload ${id}`, () => store.abandonUpload(bucket, id));
  }
}
