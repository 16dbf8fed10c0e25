import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from './session.ts';

/** One request and its response, as the pages show them. */
export interface RequestLog {
  readonly request: ApiRequest;
  readonly status: number;
  readonly milliseconds: number;
  readonly body: unknown;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without the project: `face-sets/x/search`. */
  readonly path: string;
  readonly version?: 'v1' | 'v2';
  /** Fields of a form with files, or a JSON body. */
  readonly form?: Readonly<Record<string, string | File>>;
  readonly json?: unknown;
}

/** An answer of the contract's error table. */
export class ApiError extends Error {
  readonly code: string;
  readonly entry: RequestLog;

  constructor(code: string, message: string, entry: RequestLog) {
    super(message);
    this.code = code;
    this.entry = entry;
  }
}

export interface Api {
  readonly session: Session;
  /** @throws ApiError */
  call<Body>(request: ApiRequest): Promise<RequestLog & { readonly body: Body }>;
}

export function createApi(session: Session, onSignedOut: () => void): Api {
  return {
    session,
    async call<Body>(request: ApiRequest) {
      const begun = performance.now();
      const answer = await fetch(`${request.version ?? 'v2'}/${session.project}/${request.path}`, {
        method: request.method,
        headers: {
          'X-Auth-Token': session.token,
          ...(request.json !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(request.form && { body: formData(request.form) }),
        ...(request.json !== undefined && { body: JSON.stringify(request.json) }),
      });
      const body = (await answer.json()) as Body & { error_code?: string; error_msg?: string };
      const entry = { request, status: answer.status, milliseconds: performance.now() - begun, body };
      if (body.error_code === 'APIG.0307') onSignedOut();
      if (!answer.ok)
        throw new ApiError(body.error_code ?? String(answer.status), body.error_msg ?? '', entry);
      return entry;
    },
  };
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
