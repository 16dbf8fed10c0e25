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
  /** A bigint is written with all its digits. */
  readonly json?: unknown;
  /** The page's own, asked again and again: not listed among what this tab has done. */
  readonly isBackground?: boolean;
}
