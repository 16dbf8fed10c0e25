import { parentPort, workerData } from 'node:worker_threads';
import type { Config } from '@openfrs/core';
import {
  type EndedStoreCall,
  errorText,
  type LogLine,
  log,
  logLines,
  observedTask,
  type SweepEnded,
  storeCallsEnded,
  sweepsEnded,
  type TaskEnded,
  tasksEnded,
} from '@openfrs/core/observation';
import { createService, parts } from '@openfrs/service';
import type { Leases, MaintenanceTask } from '@openfrs/store';
import { leaseMs, whileHeld } from './held.ts';

/*
 * Runs maintenance tasks (compaction, purging deleted sets) in a thread of its own, one after another, so that requests don't wait
 * for them. A task may be cut off at any point and repeated: what is left undone, a sweep finds, at the start and then
 * every ten minutes. Of several servers on the same stores one does a thing at a time, by lease.
 */
const sweepEveryMs = 10 * 60_000;

/** What the thread is started with. */
export interface ThreadData {
  readonly config: Config;
  /** Of the leases. */
  readonly owner: string;
  /** Uploads that have expired are removed here. */
  readonly uploads: boolean;
}

/** What the thread tells of. */
export type FromThread =
  | { readonly kind: 'stopped' }
  /** Tasks that wait. */
  | { readonly kind: 'waiting'; readonly tasks: number }
  | { readonly kind: 'store-call'; readonly ended: EndedStoreCall }
  | { readonly kind: 'sweep'; readonly ended: SweepEnded }
  | { readonly kind: 'task'; readonly ended: TaskEnded }
  | { readonly kind: 'log'; readonly line: LogLine };

const { config, owner, uploads } = workerData as ThreadData;
const { resolve } = createService(config, { operations: [] });
const maintenance = resolve(parts.maintenance);
const expiry = resolve(parts.expiry);

/** Leases that are being taken: what is taken behind a stop nobody would give back. */
const taking = new Set<Promise<unknown>>();
let stopping = false;
const leases: Pick<Leases, 'take'> = {
  async take(...lease) {
    if (stopping) return undefined;
    const taken = resolve(parts.leases).take(...lease);
    taking.add(taken);
    return await taken.finally(() => taking.delete(taken));
  },
};

/** Waiting work by name, so that a busy set isn't compacted for each of its writes. */
const waiting = new Map<string, () => Promise<unknown>>();
let working = false;

function take(name: string, work: () => Promise<unknown>): void {
  waiting.set(name, work);
  post({ kind: 'waiting', tasks: waiting.size });
  if (!working) void workOff();
}

async function workOff(): Promise<void> {
  working = true;
  for (const [name, work] of waiting) {
    waiting.delete(name);
    post({ kind: 'waiting', tasks: waiting.size });
    try {
      await work();
    } catch (error) {
      log('error', `Maintenance (${name}) failed and is left to the next sweep`, { error });
    }
  }
  working = false;
}

let expiring = false;
/** Beside the tasks: it rests most of its time. */
async function removeExpired(): Promise<void> {
  if (expiring) return;
  expiring = true;
  try {
    await whileHeld(leases, 'expiry', owner, () => expiry.pass({ uploads }));
  } catch (error) {
    log('error', 'Removing what has expired failed and is repeated later', { error });
  } finally {
    expiring = false;
  }
}

const sweep = () =>
  take('sweep', async () => {
    // Kept between its sweeps by who has it, so that others look for work only when that one is gone.
    if ((await leases.take('sweeper', owner, sweepEveryMs + leaseMs)) === undefined) return;
    void removeExpired();
    await whileHeld(leases, 'sweep', owner, async () => {
      const began = performance.now();
      const { failures, piecesDue } = await observedTask(
        'sweep',
        () => maintenance.sweep(),
        (swept) => swept.failures.length === 0,
      );
      sweepsEnded.publish({ failures: failures.length, piecesDue, ms: performance.now() - began });
      for (const { setId, error } of failures) {
        log('error', `The sweep failed for the set ${setId} and tries again later`, { error });
      }
    });
  });

async function stop(): Promise<void> {
  stopping = true;
  await Promise.allSettled(taking);
  post({ kind: 'stopped' });
}

const post = (message: FromThread) => parentPort?.postMessage(message);
storeCallsEnded.watch((ended) => post({ kind: 'store-call', ended }));
// Not every error can be sent to another thread.
logLines.watch(({ error, ...line }) =>
  post({ kind: 'log', line: error === undefined ? line : { ...line, error: errorText(error) } }),
);
sweepsEnded.watch((ended) => post({ kind: 'sweep', ended }));
tasksEnded.watch((ended) => post({ kind: 'task', ended }));

parentPort?.on('message', (message: MaintenanceTask | 'stop') => {
  if (message === 'stop') void stop();
  else
    take(`${message.kind} ${message.setId}`, () =>
      whileHeld(leases, `set#${message.setId}`, owner, () =>
        observedTask(message.kind, () => maintenance.run(message)),
      ),
    );
});
sweep();
setInterval(sweep, sweepEveryMs);
