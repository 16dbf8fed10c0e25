import {
  type ErrorCode,
  errorTable,
  type Operation,
  type OperationName,
  operation,
  responses,
} from '@openfrs/contract';
import { expect } from 'vitest';
import type { Account } from '../../support/account.ts';
import { service } from './service.ts';

export interface Request {
  /** The face set of the path. */
  readonly set?: string;
  /** Which of the operation's paths; the first by default. */
  readonly path?: number;
  readonly query?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array;
  /** Sent as multipart: buffers as files. */
  readonly form?: Readonly<Record<string, string | Buffer>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly account?: Account;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** Every error code that some request of this run produced. */
export const seen = new Set<string>();

const tokens = new Map<string, Promise<string>>();

/** A token for the account's project, got once. */
export function tokenOf(account: Account): Promise<string> {
  const made =
    tokens.get(account.projectId) ??
    login(account).then((reply) => reply.headers.get('X-Subject-Token') ?? '');
  tokens.set(account.projectId, made);
  return made;
}

/** POST /v3/auth/tokens as the reference has it. */
export async function login(
  account: Account,
  scope: object = { project: { name: account.region } },
): Promise<Reply> {
  const user = { name: account.user, password: account.password, domain: { name: account.domain } };
  const body = { auth: { identity: { methods: ['password'], password: { user } }, scope } };
  return await fetchReply('/v3/auth/tokens', { method: 'POST', body: JSON.stringify(body) });
}

/**
 * Calls an operation and holds the answer against the contract: its headers, no `null`, and for success exactly
 * the fields of the reference.
 */
export async function call(name: OperationName, request: Request = {}): Promise<Reply> {
  const { account = service.owner } = request;
  const row: Operation = operation(name);
  const path = (row.paths[request.path ?? 0] ?? '')
    .replace('{project_id}', account.projectId)
    .replace('{face_set_name}', request.set ?? '');
  const body = bodyOf(request);
  const reply = await fetchReply(path + (request.query ? `?${request.query}` : ''), {
    method: row.method,
    headers: { 'X-Auth-Token': await tokenOf(account), ...request.headers },
    ...(body !== undefined && { body }),
  });
  if (name in responses) {
    expect(reply.headers.get('X-ratelimit')).toMatch(/^\d+$/);
    expect(reply.headers.get('X-ratelimit-used')).toMatch(/^\d+$/);
    expect(reply.headers.get('X-ratelimit-window')).toBe('minute');
    if (reply.status === 200) responses[name as keyof typeof responses].parse(reply.body);
  }
  return reply;
}

/** Calls an operation that must succeed; its body, untyped: the schema was checked by `call`. */
export async function done<Body = Record<string, unknown>>(
  name: OperationName,
  request: Request = {},
): Promise<Body> {
  const reply = await call(name, request);
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
  return reply.body as Body;
}

/** Calls an operation that must be refused with this code, its status and its message. */
export async function refused(code: ErrorCode, name: OperationName, request: Request = {}): Promise<void> {
  const reply = await call(name, request);
  expectError(reply, code);
}

export function expectError(reply: Reply, code: ErrorCode): void {
  expect(reply.body).toEqual({
    error_code: code,
    error_msg: expect.stringContaining(errorTable[code].message),
  });
  expect(reply.status).toBe(errorTable[code].status);
}

/** Any request at all; the answer's common headers are checked, and its error code is noted. */
export async function fetchReply(path: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(service.endpoint + path, init);
  const text = await response.text();
  expect(response.headers.get('X-Request-Id')).toBeTruthy();
  expect(response.headers.get('Content-Type')).toBe('application/json; charset=UTF-8');
  const body: unknown = JSON.parse(text);
  const { error_code: code } = body as { error_code?: string };
  if (code !== undefined) seen.add(code);
  return { status: response.status, headers: response.headers, text, body };
}

function bodyOf({ json, raw, form }: Request): BodyInit | undefined {
  if (json !== undefined) return JSON.stringify(json);
  if (raw !== undefined) return raw as BodyInit;
  if (form === undefined) return undefined;
  const data = new FormData();
  for (const [name, value] of Object.entries(form)) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([new Uint8Array(value)]), 'file');
  }
  return data;
}
