import { connect } from 'node:net';
import { expect } from 'vitest';
import { service } from '../../contract/support/service.ts';

/** What came back on one connection. */
export interface Heard {
  readonly text: string;
  /** Neither answered nor closed: `hung`. */
  readonly end: 'answered' | 'closed' | 'hung';
}

export interface Manner {
  /** A loopback address, so that limits by source are met by one case only; where the system has but one, that one. */
  readonly source?: string;
  /** Bytes that may be no whole request: who sent them ends its side when nothing is answered for so long. */
  readonly quietMs?: number;
}

/** Longer than any one request may take; on a machine that stalls as well. */
const patienceMs = 50_000;

/** Sends bytes as they are on a connection of their own and reads until the first answer is whole, or the service closes. */
export async function converse(bytes: Uint8Array, { source, quietMs }: Manner = {}): Promise<Heard> {
  const { hostname, port } = new URL(service.endpoint);
  const from = process.platform === 'linux' && source !== undefined ? { localAddress: source } : {};
  return await new Promise<Heard>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), ...from });
    let text = '';
    const finish = (end: Heard['end']) => {
      clearTimeout(hanging);
      clearTimeout(ending);
      resolve({ text, end });
      socket.destroy();
    };
    const hanging = setTimeout(() => finish('hung'), patienceMs);
    const ending = quietMs === undefined ? undefined : setTimeout(() => socket.end(), quietMs);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (isWhole(text)) finish('answered');
    });
    socket.on('error', () => finish('closed'));
    socket.on('close', () => finish('closed'));
    socket.write(bytes);
  });
}

/** An answer after all interim ones (100 Continue). */
function finalResponse(text: string): { head: string; body: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [head, body] = [text.slice(0, end), text.slice(end + 4)];
  return /^HTTP\/1\.1 1\d\d/.test(head) ? finalResponse(body) : { head, body };
}

function isWhole(text: string): boolean {
  const answer = finalResponse(text);
  if (answer === undefined) return false;
  const length = /^content-length: *(\d+)/im.exec(answer.head)?.[1];
  if (length !== undefined) return answer.body.length >= Number(length);
  return /^transfer-encoding: *chunked/im.test(answer.head) ? answer.body.endsWith('0\r\n\r\n') : false;
}

/** Holds what came back against the contract: in time, no 5xx, errors in the contract's form with their request id. */
export function expectContract({ text, end }: Heard, secrets: readonly string[] = []): void {
  expect(end).not.toBe('hung');
  expect(text).not.toMatch(/^HTTP\/1\.1 5\d\d/m);
  for (const secret of secrets) expect(text).not.toContain(secret);
  const answer = finalResponse(text);
  // Closed without an answer, or in the middle of one.
  if (answer === undefined || !isWhole(text)) return;
  const { head } = answer;
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  // Behind it may be the answers to further requests.
  const body = unchunked(head, answer.body.slice(0, length === undefined ? undefined : Number(length)));
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  if (status < 400) return;
  expect(head).toMatch(/^x-request-id: *\S/im);
  // The answer to a HEAD ends with its headers.
  if (body === '' || body.startsWith('HTTP/1.1 ')) return;
  const json = JSON.parse(body) as Record<string, unknown>;
  if ('error' in json) {
    expect(json.error).toMatchObject({ code: status, title: expect.any(String) });
  } else {
    expect(json).toEqual({ error_code: expect.any(String), error_msg: expect.any(String) });
  }
}

function unchunked(head: string, body: string): string {
  if (!/^transfer-encoding: *chunked/im.test(head)) return body;
  let text = '';
  for (let at = 0; ; ) {
    const line = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.slice(at, line), 16);
    if (!(size > 0)) return text;
    text += body.slice(line + 2, line + 2 + size);
    at = line + 4 + size;
  }
}
