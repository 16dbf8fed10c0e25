/** An access key: each request is signed. For servers: a page that held it would give it to everyone. */
export interface AccessKey {
  readonly ak: string;
  readonly sk: string;
}

/** A user: a token is fetched when it is first needed, and renewed before it ends. */
export interface Login {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
}

/** A token that somebody else fetched. */
export interface Token {
  readonly token: string;
}

export type Credentials = AccessKey | Login | Token;

/** A request as far as its credentials depend on it. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  /** Text is covered by the signature, a form (of files) is not: so do the official clients. */
  readonly body: string | FormData | undefined;
}

/** What makes requests the caller's own. */
export interface Authority {
  /** The headers to send with the request. */
  headersFor(request: Unsigned): Promise<Record<string, string>>;
  /** Told that the service refused a token; true: headers made anew may do. */
  renew?(): boolean;
}
