import { type Operation, parseJsonBody } from '@openfrs/contract';
import type { RequestUrl } from '@openfrs/core';
import type { RequestContext, WithBody, WithDeadline, WithPorts } from './request-context.ts';

/** What an operation of IAM is given. */
export interface IamRequest<Ports> {
  /** The JSON body; undefined where none is expected, and if it isn't a JSON object. */
  readonly body: unknown;
  readonly query: URLSearchParams;
  readonly url: RequestUrl;
  readonly remoteAddress: string;
  /** Aborts when the client has left or the request's deadline has passed. */
  readonly signal: AbortSignal;
  readonly ports: Ports;
}

/** @throws FrsError as reading the body does */
export async function iamRequest<Ports>(
  { raw, body, signal, ports }: RequestContext & WithBody & WithDeadline & WithPorts<Ports>,
  operation: Operation,
): Promise<IamRequest<Ports>> {
  return {
    body: operation.body === undefined ? undefined : jsonOrUndefined(await body.read()),
    query: new URLSearchParams(raw.rawQuery),
    url: { baseUrl: raw.origin, path: raw.rawPath },
    remoteAddress: raw.remoteAddress,
    signal,
    ports,
  };
}

function jsonOrUndefined(bytes: Uint8Array): unknown {
  try {
    return parseJsonBody(bytes);
  } catch {
    return undefined;
  }
}
