import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseJson } from '@openfrs/contract';
import { readConfig } from '@openfrs/core';
import { CliError } from '../failure.ts';
import { localEnvironment } from '../local-environment.ts';
import { signedHeaders } from './sign.ts';

/** An error that the service answered, or that it could not be reached (`code` NETWORK). */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return this.code === 'NETWORK' || this.code === 'FRS.0033' || this.status >= 500;
  }
}

/** Parts of a multipart body; a file is given by its path. */
export type Parts = Readonly<Record<string, string | { readonly file: string } | undefined>>;

/** The service, as its clients see it: signed requests for one project. */
export interface Api {
  /** `path` follows the project: `face-sets/people/faces`. @throws ApiError */
  call(method: string, path: string, json?: object): Promise<Record<string, unknown>>;
  upload(path: string, parts: Parts): Promise<Record<string, unknown>>;
}

const names = ['FRS_ENDPOINT', 'FRS_PROJECT_ID', 'FRS_AK', 'FRS_SK'] as const;

/**
 * The service that FRS_ENDPOINT, FRS_PROJECT_ID, FRS_AK and FRS_SK name; without FRS_ENDPOINT the local server.
 * @throws CliError naming what is missing
 */
export async function openApi(environment: Readonly<Record<string, string | undefined>>): Promise<Api> {
  const local = environment.FRS_ENDPOINT ? {} : await localEnvironment(readConfig(environment).dataDir);
  const settings = { ...environment, ...local };
  const missing = names.filter((name) => !settings[name]);
  if (missing.length > 0) {
    throw new CliError(`Start the server (npm start), or set ${missing.join(', ')} for a deployed one.`);
  }
  const [endpoint = '', project = '', ak = '', sk = ''] = names.map((name) => settings[name]);
  const address = (path: string) => new URL(`/v2/${project}/${path}`, endpoint);
  const sign = (request: Parameters<typeof signedHeaders>[0]) =>
    signedHeaders(request, { ak, sk }, new Date());
  return {
    async call(method, path, json) {
      const url = address(path);
      const body = json === undefined ? {} : { body: JSON.stringify(json) };
      const headers = { ...sign({ method, url, ...body }), 'Content-Type': 'application/json' };
      return await answerOf(url, { method, headers, ...body });
    },
    async upload(path, parts) {
      const url = address(path);
      const headers = sign({ method: 'POST', url, multipart: true });
      return await answerOf(url, { method: 'POST', headers, body: await form(parts) });
    },
  };
}

async function form(parts: Parts): Promise<FormData> {
  const data = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'string') data.append(name, part);
    else if (part !== undefined)
      data.append(name, new Blob([await readFile(part.file)]), basename(part.file));
  }
  return data;
}

async function answerOf(url: URL, request: RequestInit): Promise<Record<string, unknown>> {
  const answer = await fetch(url, request).catch((error: unknown) => {
    throw new ApiError('NETWORK', 0, `Can't reach ${url.origin}: is the server running (npm start)?`, {
      cause: error,
    });
  });
  const text = await answer.text();
  const body = jsonOf(text);
  if (answer.ok) return body;
  throw new ApiError(
    String(body.error_code ?? 'UNKNOWN'),
    answer.status,
    String(body.error_msg ?? `HTTP ${answer.status}`),
  );
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return parseJson(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
