import { missingStores, type StoreClients, type StoreNames } from '@openfrs/store';
import type { Readiness } from '../health.ts';

/** An answer is good for so long: load balancers ask every second or so, each of them. */
const goodForMs = 2000;
/** A store that takes longer isn't there. */
const longestMs = 5000;

/** Whether all stores answer, asked at most every two seconds whoever asks; the models are loaded before anything is served. */
export function readiness(clients: StoreClients, names: StoreNames): () => Promise<Readiness> {
  let last: { readonly at: number; readonly answer: Promise<Readiness> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at > goodForMs) {
      last = { at: performance.now(), answer: look(clients, names) };
    }
    return last.answer;
  };
}

async function look(clients: StoreClients, names: StoreNames): Promise<Readiness> {
  try {
    const { tables, buckets } = await withinTime(missingStores(clients, names));
    if (tables.length + buckets.length === 0) return { status: 'ready' };
    return { status: 'not ready', reason: 'a table or bucket is missing' };
  } catch {
    // Anyone may ask: names, addresses and errors of stores are not for them.
    return { status: 'not ready', reason: 'the stores do not answer' };
  }
}

async function withinTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), longestMs);
  });
  work.catch(() => {});
  return await Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}
