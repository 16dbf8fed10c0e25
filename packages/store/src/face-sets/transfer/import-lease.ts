import { randomUUID } from 'node:crypto';
import type { StoreContext } from '../context.ts';
import { importKey } from '../records/keys.ts';

/**
 * One run's lease of an import, with a checkpoint of how far it has come. A later run takes the lease at once; the earlier one stops
 * at its next checkpoint. Both write the same, and nobody sees the faces yet: so only the end has to wait until no request of an
 * earlier run can be on its way.
 */
export interface ImportLease {
  /** Faces that are surely written. */
  readonly done: number;
  readonly finished: boolean;
  /** Records that `done` faces are written, before it writes more. @throws Error another run has taken over */
  checkpoint(done: number): Promise<void>;
  /** Records the checkpoint again where it is old: before each write, so that a process that was frozen learns of other runs. */
  renewIfOld(): Promise<void>;
  /** Waits for earlier runs and records that all is written. @throws Error another run has taken over */
  finish(): Promise<void>;
}

/** So long after a checkpoint all requests of its batch are over, with all their attempts (see the clients' time limits). */
const requestsOverMs = 90_000;
/** A write begins within this time after a checkpoint: with all its attempts it is over long before `requestsOverMs` are. */
const renewAfterMs = 20_000;
const pollMs = 200;

/** The item; `quietAt` is what the code calls `safeAfter`. */
interface Checkpoint {
  readonly run: string;
  readonly at: number;
  readonly done: number;
  readonly finished: boolean;
  /** When the requests of all earlier runs are over, in milliseconds since 1970. */
  readonly quietAt: number;
}

/** Takes the lease of an import, from whoever holds it. */
export async function acquireLease(store: StoreContext, setId: string, id: string): Promise<ImportLease> {
  const { table } = store;
  const key = importKey(setId, id);
  const run = randomUUID();
  const before = (await table.get(key)) as Checkpoint | undefined;
  const safeAfter =
    before === undefined || before.finished ? 0 : Math.max(before.quietAt, before.at + requestsOverMs);
  const done = before?.done ?? 0;
  if (before?.finished)
    return { done, finished: true, checkpoint: refuse, renewIfOld: refuse, finish: refuse };
  const first: Checkpoint = { run, at: store.now(), done, finished: false, quietAt: safeAfter };
  const taken =
    before === undefined
      ? await table.put({ ...key, ...first }, 'attribute_not_exists(pk)')
      : await write(first, before.run, before.at);
  if (!taken) return acquireLease(store, setId, id);

  async function write(next: Checkpoint, owner: string, at?: number): Promise<boolean> {
    const item = await table.update(key, {
      UpdateExpression: 'SET run = :run, #at = :at, done = :done, finished = :finished, quietAt = :quiet',
      ConditionExpression: at === undefined ? 'run = :owner' : 'run = :owner AND #at = :before',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: {
        ':run': next.run,
        ':at': next.at,
        ':done': next.done,
        ':finished': next.finished,
        ':quiet': next.quietAt,
        ':owner': owner,
        ...(at === undefined ? {} : { ':before': at }),
      },
    });
    return item !== undefined;
  }
  async function renew(doneNow: number, finished: boolean): Promise<void> {
    const next: Checkpoint = { run, at: store.now(), done: doneNow, finished, quietAt: safeAfter };
    if (!(await write(next, run))) throw new Error('Another run of this import has taken over.');
    latest = doneNow;
    renewedAt = next.at;
  }
  let latest = done;
  let renewedAt = first.at;
  return {
    done,
    finished: false,
    checkpoint: (doneNow) => renew(doneNow, false),
    async renewIfOld() {
      if (store.now() - renewedAt > renewAfterMs) await renew(latest, false);
    },
    async finish() {
      while (store.now() < safeAfter) await new Promise((resolve) => setTimeout(resolve, pollMs));
      await renew(latest, true);
    },
  };
}

async function refuse(): Promise<void> {
  throw new Error('This import is finished.');
}

/** Keeps all runs of an import from writing; resolves when none can any more. */
export async function revokeLeases(store: StoreContext, setId: string, id: string): Promise<void> {
  const lease = await acquireLease(store, setId, id);
  if (!lease.finished) await lease.finish();
}
