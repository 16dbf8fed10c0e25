import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { FrsError, writeJson } from '@openfrs/contract';
import { IamError } from '@openfrs/core/identity/iam-error.ts';
import { StorageFull } from '@openfrs/core/ports/storage-full.ts';
import { logAudit, logFault } from './log.ts';

/** A request on its way: what its answer's headers and its line in the audit log will tell. */
export interface Exchange {
  readonly requestId: string;
  projectId?: string;
  userId?: string;
  /** Set on FRS answers; `limit` 0 is unlimited. */
  rate?: { readonly limit: number; readonly used: number };
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** On every answer. */
const fixedHeaders = {
  'Content-Type': 'application/json; charset=UTF-8',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

const node = hostname().replace(/[^A-Za-z0-9.-]/g, '') || 'node';

/**
 * Runs one request from its arrival to its answer: gives it an id, turns errors into the contract's answers,
 * here and nowhere else, and writes its line in the audit log.
 */
export async function exchange(
  operation: string,
  work: (exchange: Exchange) => Promise<Answer>,
): Promise<Response> {
  const started = performance.now();
  const state: Exchange = { requestId: newRequestId() };
  let answer: Answer;
  let code: string | undefined;
  try {
    answer = await work(state);
  } catch (error) {
    if (!(error instanceof FrsError || error instanceof IamError))
      logFault(state.requestId, operation, error);
    answer = errorAnswer(error, state.requestId);
    code = error instanceof FrsError ? error.code : error instanceof IamError ? 'IAM' : 'FRS.0018';
  }
  logAudit({
    level: 'audit',
    time: new Date().toISOString(),
    request_id: state.requestId,
    operation,
    ...(state.projectId !== undefined && { project_id: state.projectId }),
    ...(state.userId !== undefined && { user_id: state.userId }),
    status: answer.status,
    ...(code !== undefined && { code }),
    ms: Math.round(performance.now() - started),
    ...facesIn(answer.body),
  });
  const headers = {
    ...fixedHeaders,
    'X-Request-Id': state.requestId,
    ...(state.rate && {
      'X-ratelimit': String(state.rate.limit),
      'X-ratelimit-used': String(state.rate.used),
      'X-ratelimit-window': 'minute',
    }),
    ...answer.headers,
  };
  return new Response(writeJson(answer.body), { status: answer.status, headers });
}

/**
 * The contract's answer where a server refuses what never becomes a request: malformed HTTP, headers that are late. It is not in the
 * audit log, which anyone could fill.
 */
export function refusal(error: FrsError): { headers: Readonly<Record<string, string>>; body: string } {
  const answer = errorAnswer(error, '');
  const body = writeJson(answer.body);
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  return { headers: { ...fixedHeaders, 'X-Request-Id': newRequestId(), ...length, ...answer.headers }, body };
}

function newRequestId(): string {
  return `${randomUUID()}-${Date.now()}-${node}`;
}

function facesIn(body: unknown): { readonly faces?: number } {
  const { faces } = (body ?? {}) as { readonly faces?: unknown };
  return Array.isArray(faces) ? { faces: faces.length } : {};
}

function errorAnswer(error: unknown, requestId: string): Answer {
  if (error instanceof IamError) return { status: error.status, body: error.body };
  const known = error instanceof FrsError ? error : new FrsError('FRS.0018', detailOf(error, requestId));
  const retryAfter = known.retryAfterSeconds;
  return {
    status: known.status,
    body: { error_code: known.code, error_msg: known.message },
    ...(retryAfter !== undefined && { headers: { 'Retry-After': String(retryAfter) } }),
  };
}

/** An operator's remedy may be told; of any other fault the log tells more. */
function detailOf(error: unknown, requestId: string): string {
  const remedy = error instanceof StorageFull ? `${error.message} ` : '';
  return `${remedy}Request id: ${requestId}.`;
}
