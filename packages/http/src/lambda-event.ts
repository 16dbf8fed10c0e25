/** What is read of an API Gateway event (HTTP API or function URL, payload format 2.0). */
export interface LambdaEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly domainName?: string;
    readonly http: { readonly method: string; readonly sourceIp?: string };
  };
}

/** What is read of a function's context. */
export interface LambdaContext {
  /** Until the function's own timeout. */
  getRemainingTimeInMillis(): number;
}
