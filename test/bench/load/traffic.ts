import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import autocannon from 'autocannon';
import { quantile } from '../statistics/quantile.ts';

/** One kind of request, from some connections. */
export interface Traffic {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  /** Requests a second of all its connections together; as fast as they are answered if absent. */
  readonly rate?: number;
  readonly json?: object;
}

/** What became of them; times in ms, of what was served (200) and what was refused apart. */
export interface Row {
  readonly name: string;
  readonly connections: number;
  readonly rate?: number;
  readonly served: number;
  readonly servedMs: Times;
  readonly refused: number;
  readonly refusedMs: Times;
  /** Answers by their error code. */
  readonly codes: Readonly<Record<string, number>>;
  /** Answers of 500 and above, broken connections, and requests that were given up after two minutes. */
  readonly faults: number;
}

interface Times {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const timeoutSeconds = 120;
/** So long everything begins at once: connections, threads, the line that fills. What is answered then isn't counted. */
export const settleSeconds = 10;

/** Sends it from a thread of its own: what one kind costs its sender is no delay of another. */
export async function sendApart(traffic: Traffic, seconds: number): Promise<Row> {
  const sender = new Worker(new URL('./sender.mjs', import.meta.url), { workerData: { traffic, seconds } });
  const [row] = await once(sender, 'message');
  await sender.terminate();
  return row as Row;
}

export async function send(traffic: Traffic, seconds: number): Promise<Row> {
  const { name, url, token, connections, rate, json } = traffic;
  const codes: Record<string, number> = {};
  const [served, refused]: [number[], number[]] = [[], []];
  const from = Date.now() + settleSeconds * 1000;
  const {
    errors,
    timeouts,
    '5xx': broken,
  } = await autocannon({
    url,
    connections,
    duration: seconds + settleSeconds,
    timeout: timeoutSeconds,
    ...(rate !== undefined && { overallRate: rate }),
    method: json ? 'POST' : 'GET',
    headers: { 'x-auth-token': token, 'content-type': 'application/json' },
    ...(json && { body: JSON.stringify(json) }),
    setupClient: (client) => {
      client.on('response', (status, _, ms) => {
        if (Date.now() >= from) (status === 200 ? served : refused).push(ms);
      });
      client.on('body', (body: Buffer) => {
        if (Date.now() < from) return;
        const code = /"error_code":"([\w.]+)"/.exec(String(body).slice(0, 200))?.[1] ?? 'success';
        codes[code] = (codes[code] ?? 0) + 1;
      });
    },
  });
  return {
    name,
    connections,
    ...(rate !== undefined && { rate }),
    served: served.length,
    servedMs: times(served),
    refused: refused.length,
    refusedMs: times(refused),
    codes,
    faults: broken + errors + timeouts,
  };
}

export function times(ms: readonly number[]): Times {
  const at = (share: number) => (ms.length === 0 ? 0 : Math.round(quantile(ms, share) * 10) / 10);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
