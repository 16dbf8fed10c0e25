import { authorityOf } from './credentials/credentials.ts';
import type { Authority, Credentials } from './credentials/types.ts';
import { FrsApiError } from './error.ts';
import type { operations } from './generated/openapi.ts';
import { routes } from './generated/routes.ts';
import { parseJson, writeJson } from './json.ts';

export interface ClientOptions {
  /** `https://frs.example.com` */
  readonly endpoint: string;
  readonly projectId: string;
  readonly credentials: Credentials;
  /** In place of the global `fetch`: for proxies, retries, logs. */
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

type Routes = typeof routes;
type OperationOf<Name extends keyof Routes> = operations[Routes[Name]['operation']];
type Given<Whole, Key extends PropertyKey> = Whole extends { readonly [K in Key]?: infer Part }
  ? Exclude<Part, undefined> extends never
    ? unknown
    : Exclude<Part, undefined>
  : unknown;
type Body<Operation> = Operation extends {
  readonly requestBody: { readonly content: { readonly 'application/json': infer Json } };
}
  ? Json
  : unknown;
type Flat<T> = { [Key in keyof T]: T[Key] };

/** The parameters of an operation, wherever they go: into the path, the query or the body. */
export type ParametersOf<Name extends keyof Routes> = Flat<
  Omit<Given<OperationOf<Name>['parameters'], 'path'>, 'project_id'> &
    Given<OperationOf<Name>['parameters'], 'query'> &
    Body<OperationOf<Name>>
>;

/** What an operation answers. */
export type ResponseOf<Name extends keyof Routes> =
  OperationOf<Name> extends {
    readonly responses: { readonly 200: { readonly content: { readonly 'application/json': infer Json } } };
  }
    ? Json
    : never;

type Method<Name extends keyof Routes> = (
  ...given: Record<string, never> extends ParametersOf<Name>
    ? [parameters?: ParametersOf<Name>, options?: CallOptions]
    : [parameters: ParametersOf<Name>, options?: CallOptions]
) => Promise<ResponseOf<Name>>;

/** One method an operation; each throws `FrsApiError` where the service refuses. */
export type FrsClient = { readonly [Name in keyof Routes]: Method<Name> };

type Values = Readonly<Record<string, unknown>>;

/** A client of one project. Nothing is sent before the first call. */
export function frsClient({ endpoint, projectId, credentials, ...options }: ClientOptions): FrsClient {
  const send = options.fetch ?? fetch;
  const authority = authorityOf(credentials, projectId, (path, body) =>
    send(new URL(path, endpoint), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }),
  );
  const call = async (route: Routes[keyof Routes], parameters: Values = {}, { signal }: CallOptions = {}) => {
    const { url, body } = place(route, endpoint, { project_id: projectId, ...parameters });
    const request = { method: route.method, url, body, ...(signal && { signal }) };
    let answer = await sent(request, authority, send);
    let text = await answer.text();
    if (answer.status === 401 && text.includes('APIG.0307') && authority.renew?.()) {
      answer = await sent(request, authority, send);
      text = await answer.text();
    }
    return read(answer, text);
  };
  const methods = Object.entries(routes).map(([name, route]) => [
    name,
    (parameters?: Values, options?: CallOptions) => call(route, parameters, options),
  ]);
  return Object.fromEntries(methods) as FrsClient;
}

/** Parameters that the path names go there, the others into the body, or into the query where there is none. */
function place(route: Routes[keyof Routes], endpoint: string, parameters: Values) {
  const inPath = new Set<string>();
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    inPath.add(name);
    return encodeURIComponent(String(parameters[name]));
  });
  const others = Object.entries(parameters).filter(
    ([name, value]) => !inPath.has(name) && name !== 'project_id' && value !== undefined,
  );
  const url = new URL(path, endpoint);
  if (route.hasBody) return { url, body: bodyOf(others) };
  // An object stands for its own pairs (OpenAPI: style form, exploded).
  const pairs = others.flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? Object.entries(value) : [[name, value]],
  );
  for (const [name, value] of pairs) url.searchParams.append(String(name), String(value));
  return { url, body: undefined };
}

/** JSON; with a file in it a form, whose other parts are texts or JSON texts. */
function bodyOf(parameters: readonly (readonly [name: string, value: unknown])[]): string | FormData {
  if (!parameters.some(([, value]) => value instanceof Blob)) {
    return writeJson(Object.fromEntries(parameters));
  }
  const form = new FormData();
  for (const [name, value] of parameters) {
    if (value instanceof Blob) form.append(name, value);
    else form.append(name, typeof value === 'string' ? value : writeJson(value));
  }
  return form;
}

async function sent(
  request: { method: string; url: URL; body: string | FormData | undefined; signal?: AbortSignal },
  authority: Authority,
  send: typeof fetch,
): Promise<Response> {
  const { url, body, ...rest } = request;
  const headers = await authority.headersFor(request);
  if (typeof body === 'string') headers['Content-Type'] = 'application/json';
  return await send(url, { ...rest, headers, ...(body !== undefined && { body }) });
}

function read(answer: Response, text: string): unknown {
  const requestId = answer.headers.get('X-Request-Id') ?? undefined;
  const body = parsed(text);
  if (answer.ok && typeof body === 'object' && body !== null) return body;
  const { error_code, error_msg, error } = (body ?? {}) as {
    readonly error_code?: string;
    readonly error_msg?: string;
    readonly error?: { readonly message?: string };
  };
  throw new FrsApiError(
    error_code ?? (error ? 'IAM' : 'UNKNOWN'),
    error_msg ?? error?.message ?? `HTTP ${answer.status}, and not in the service's words.`,
    answer.status,
    requestId,
  );
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
