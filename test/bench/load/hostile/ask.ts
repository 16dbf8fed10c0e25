import { Agent, request } from 'node:http';
import type { Target } from './target.ts';

export interface Shot {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as fast as the service takes it. */
  readonly body?: readonly Uint8Array[];
  /** Without Content-Length. */
  readonly chunked?: boolean;
  /** Behind `body` a byte at a time, and never the last one: the service has to end it. */
  readonly drip?: { readonly everyMs: number; readonly bytes: number };
  /** The client closes the connection after this. */
  readonly leavesMs?: number;
}

type End = 'answered' | 'closed' | 'left' | 'unanswered';

export interface Reply {
  readonly end: End;
  readonly ms: number;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A connection for each request: what limits connections is met as well. */
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

/** Sends one request and sees how it ends: `unanswered` if after `patienceMs` it was neither answered nor closed. */
export async function ask(target: Target, shot: Shot, patienceMs: number): Promise<Reply> {
  const { hostname, port } = new URL(target.endpoint);
  const { method = 'POST', path, headers = {}, body = [], chunked, drip, leavesMs } = shot;
  const length = body.reduce((sum, part) => sum + part.length, 0) + (drip ? drip.bytes : 0);
  const framing = chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(length) };
  return await new Promise<Reply>((resolve) => {
    const begun = performance.now();
    const timers: NodeJS.Timeout[] = [];
    let status = 0;
    let text = '';
    let answer: Reply['headers'] = {};
    const finish = (end: End) => {
      for (const timer of timers) clearTimeout(timer);
      const code = /"error_code":"([\w.]+)"/.exec(text)?.[1] ?? '';
      resolve({ end, ms: performance.now() - begun, status, code, headers: answer });
      sent.destroy();
    };
    const sent = request({
      agent,
      hostname,
      port,
      localAddress: target.from,
      method,
      path,
      headers: { ...framing, ...headers },
    });
    sent.on('response', (response) => {
      status = response.statusCode ?? 0;
      answer = response.headers;
      response.on('data', (chunk: Buffer) => {
        if (text.length < 500) text += chunk.toString('latin1');
      });
      response.on('error', () => finish('closed'));
      response.on('end', () => finish('answered'));
    });
    // Also where it was answered before the body was sent: what is answered then is read, if it still comes.
    sent.on('error', () => timers.push(setTimeout(() => finish(status ? 'answered' : 'closed'), 50)));
    sent.on('close', () => status === 0 && finish('closed'));
    timers.push(setTimeout(() => finish('unanswered'), patienceMs));
    if (leavesMs !== undefined) timers.push(setTimeout(() => finish('left'), leavesMs));
    for (const part of body) sent.write(part);
    if (!drip) sent.end();
    else timers.push(setInterval(() => sent.write(' '), drip.everyMs));
  });
}
