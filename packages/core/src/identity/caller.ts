import type { TokenScope } from './token-scope.ts';

/** Who sent a request, proven by a token or a signature. */
export interface Caller {
  readonly kind: 'token' | 'signature';
  readonly domainId: string;
  readonly userId: string;
  /** A token's scope. A signature has none: it opens every project of its domain. */
  readonly projectId?: string;
  /** Of an API token: it opens some operations only. */
  readonly scope?: TokenScope;
}

/** What `authenticate` reads of a request. */
export interface AuthRequest {
  /** As on the wire, upper case. */
  readonly method: string;
  /** The path as on the wire: still percent-encoded, `//` and all, without the query. */
  readonly rawPath: string;
  /** The query as on the wire, without `?`; empty if there is none. */
  readonly rawQuery: string;
  /** Header lookup, case-insensitive (a web `Headers` fits). */
  readonly headers: { get(name: string): string | null };
  /** Lower-case hex SHA-256 of the raw body; called only where a signature covers it. */
  bodySha256(): Promise<string>;
  readonly now: Date;
}
