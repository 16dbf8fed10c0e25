import type { FrsOperationName, OperationName, operations, ParametersOf } from '@openfrs/contract';
import type { Caller, UseCase } from '@openfrs/core';
import type { IamRequest } from './iam-request.ts';
import type { PipelinePorts } from './request-context.ts';
import type { HttpResult } from './respond.ts';
import type { accountRoute, openRoute, projectRoute, Route } from './routes.ts';

/*
 * An operation of the contract, what it does and the route that leads to it, as an object literal of names only: a bundler drops what a
 * function does not name, the routes and schemas too.
 */

type NameOf<Auth> = Extract<(typeof operations)[number], { readonly auth: Auth }>['name'];

/** Of a project: typed parameters in, the body of the answer out. */
export interface ProjectOperation<
  Name extends FrsOperationName,
  Run extends UseCase<ParametersOf<Name>, never, unknown>,
> {
  readonly name: Name;
  readonly route: typeof projectRoute;
  readonly run: Run;
}

/** Of an account: any valid credential will do. */
export interface AccountOperation<Ports> {
  readonly name: NameOf<'account'>;
  readonly route: typeof accountRoute;
  readonly run: (caller: Caller, request: IamRequest<PipelinePorts & Ports>) => Promise<unknown>;
}

/** Without a credential. */
export interface OpenOperation<Ports> {
  readonly name: NameOf<'none'>;
  readonly route: typeof openRoute;
  readonly run: (request: IamRequest<PipelinePorts & Ports>) => Promise<HttpResult>;
}

/** Any of them, whatever its parameters and ports: those are its own, as was checked where it is written down. */
export interface OperationHandler {
  readonly name: OperationName;
  readonly route: Route<never>;
  readonly run: (...args: never) => Promise<unknown>;
}
