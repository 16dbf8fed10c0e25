import { type OperationName, operation as operationOf, parseJsonBody } from '@openfrs/contract';
import type { Caller } from '@openfrs/core/identity/caller.ts';
import type { Hono } from 'hono';
import { type Answer, exchange } from './exchange.ts';
import { callerOf, type GatewayPorts, maxIamBodyBytes } from './gateway.ts';
import { handleRequest } from './handle-request.ts';
import { httpApp, routePath } from './not-found.ts';
import type { DoorEnv } from './wire.ts';

/** What an operation of IAM is given. */
export interface IamRequest<Ports> {
  /** The JSON body; undefined if it isn't a JSON object. */
  readonly body: unknown;
  readonly query: URLSearchParams;
  readonly place: { readonly baseUrl: string; readonly path: string };
  /** The address it came from. */
  readonly source: string;
  /** Aborts when the client has left or the request's deadline has passed. */
  readonly signal: AbortSignal;
  readonly ports: Ports;
}

/** The door of an operation that needs no credential: getting a token. */
export function openDoor<Ports extends GatewayPorts>(
  name: OperationName,
  answer: (request: IamRequest<Ports>) => Promise<Answer>,
  ports: () => Ports | Promise<Ports>,
): Hono<DoorEnv> {
  return iamDoor(name, ports, (request) => answer(request));
}

/** The door of an operation that any valid credential opens: the lists of projects and accounts. */
export function accountDoor<Ports extends GatewayPorts>(
  name: OperationName,
  answer: (caller: Caller, request: IamRequest<Ports>) => Promise<unknown>,
  ports: () => Ports | Promise<Ports>,
): Hono<DoorEnv> {
  return iamDoor(name, ports, async (request, authenticated) => ({
    status: 200,
    body: await answer(await authenticated(), request),
  }));
}

function iamDoor<Ports extends GatewayPorts>(
  name: OperationName,
  ports: () => Ports | Promise<Ports>,
  answer: (request: IamRequest<Ports>, authenticated: () => Promise<Caller>) => Promise<Answer>,
): Hono<DoorEnv> {
  const operation = operationOf(name);
  const app = httpApp();
  app.on(operation.method, [...operation.paths.map(routePath)], (c) =>
    exchange(name, (state) =>
      handleRequest(c, maxIamBodyBytes, ports, async ({ wire, body, ports: given, signal }) => {
        const request: IamRequest<Ports> = {
          body: operation.body === undefined ? undefined : jsonOrUndefined(await body()),
          query: new URLSearchParams(wire.rawQuery),
          place: { baseUrl: wire.origin, path: wire.rawPath },
          source: wire.source,
          signal,
          ports: given,
        };
        return await answer(request, async () => {
          const caller = await callerOf(wire, body, given);
          state.userId = caller.userId;
          return caller;
        });
      }),
    ),
  );
  return app;
}

function jsonOrUndefined(bytes: Uint8Array): unknown {
  try {
    return parseJsonBody(bytes);
  } catch {
    return undefined;
  }
}
