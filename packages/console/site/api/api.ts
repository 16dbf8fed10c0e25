import { isInteger, isSafeNumber, parse, stringify } from 'lossless-json';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Activity } from './activity.ts';
import type { ApiRequest, RequestLog } from './request.ts';
import type { Session } from './session.ts';

/** An answer of the contract's error table. */
export class ApiError extends Error {
  readonly code: string;
  readonly entry: RequestLog;
  /** Seconds to wait before the request is sent again, where the service says so. */
  readonly retryAfter: number | undefined;

  constructor(code: string, message: string, entry: RequestLog, retryAfter?: number) {
    super(message);
    this.code = code;
    this.entry = entry;
    this.retryAfter = retryAfter;
  }
}

export interface Api {
  readonly session: Session;
  /** @throws ApiError */
  call<Body>(request: ApiRequest): Promise<RequestLog & { readonly body: Body }>;
  /** What the server offers beside the API; `path` is all of it: `console/operator/domains`. @throws ApiError */
  ask<Body>(request: ApiRequest): Promise<Body>;
}

export function createApi(session: Session, activity: Activity, onSignedOut: () => void): Api {
  async function send<Body>(address: string, request: ApiRequest, note: (entry: RequestLog) => void) {
    const begun = performance.now();
    const answer = await fetch(address, {
      method: request.method,
      headers: {
        'X-Auth-Token': session.token,
        ...(request.json !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(request.form && { body: formData(request.form) }),
      ...(request.json !== undefined && { body: writeJson(request.json) }),
    });
    const body = readJson(await answer.text()) as Body & { error_code?: string; error_msg?: string };
    const entry = { request, status: answer.status, milliseconds: performance.now() - begun, body };
    note(entry);
    if (body.error_code === 'APIG.0307') onSignedOut();
    if (!answer.ok) {
      const code = body.error_code ?? String(answer.status);
      const wait = Number(answer.headers.get('Retry-After') ?? Number.NaN);
      throw new ApiError(code, body.error_msg ?? '', entry, Number.isNaN(wait) ? undefined : wait);
    }
    return entry;
  }
  return {
    session,
    call: <Body>(request: ApiRequest) =>
      send<Body>(`${request.version ?? 'v2'}/${session.project}/${request.path}`, request, (entry) => {
        if (request.isBackground !== true) activity.add(entry);
      }),
    ask: async <Body>(request: ApiRequest) => (await send<Body>(request.path, request, () => {})).body,
  };
}

/** Integers beyond 2^53, as fields of type `long` may hold them, become a bigint. @throws SyntaxError */
export function readJson(text: string): unknown {
  return parse(text, undefined, (digits) =>
    isInteger(digits) && !isSafeNumber(digits) ? BigInt(digits) : Number(digits),
  );
}

/** As JSON.stringify, and a bigint with all its digits. */
export function writeJson(value: unknown, indent?: number): string {
  return stringify(value, undefined, indent) ?? 'null';
}

function formData(fields: Readonly<Record<string, string | File>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

export const ApiContext = createContext<Api | undefined>(undefined);

/** The signed-in user's API; pages are only shown inside of it. */
export function useApi(): Api {
  return useContext(ApiContext) as Api;
}
