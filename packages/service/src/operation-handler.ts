import type { FrsOperationName, OperationName, operations, ParametersOf } from '@openfrs/contract';
import type { Caller } from '@openfrs/core';
import type { UseCase } from '@openfrs/core/operations/use-case.ts';
import type { Answer, accountDoor, DoorEnv, door, GatewayPorts, IamRequest, openDoor } from '@openfrs/http';
import type { Hono } from 'hono';
import type { PartContext } from './part.ts';

/*
 * An operation of the contract and what it does, as an object literal. `run` is asked for with the ports that `ports` resolves: a
 * use case that needs another one does not compile.
 */

type PortsOf<Ports> = (context: PartContext) => (GatewayPorts & Ports) | Promise<GatewayPorts & Ports>;
type NameOf<Auth> = Extract<(typeof operations)[number], { readonly auth: Auth }>['name'];

/** Of a project: typed parameters in, the body of the answer out. */
export interface ProjectOperation<
  Name extends FrsOperationName,
  Run extends UseCase<ParametersOf<Name>, never, unknown>,
> {
  readonly name: Name;
  readonly createApp: typeof door;
  readonly run: Run;
  readonly ports: PortsOf<Parameters<Run>[2]>;
}

/** Of an account: any valid credential will do. */
export interface AccountOperation<Ports> {
  readonly name: NameOf<'account'>;
  readonly createApp: typeof accountDoor;
  readonly run: (caller: Caller, request: IamRequest<GatewayPorts & Ports>) => Promise<unknown>;
  readonly ports: PortsOf<Ports>;
}

/** Without a credential. */
export interface OpenOperation<Ports> {
  readonly name: NameOf<'none'>;
  readonly createApp: typeof openDoor;
  readonly run: (request: IamRequest<GatewayPorts & Ports>) => Promise<Answer>;
  readonly ports: PortsOf<Ports>;
}

/** Any of them, whatever its ports. */
export interface OperationHandler {
  readonly name: OperationName;
  /** In the literal, so that a function's bundle holds only the one that it needs. */
  createApp(name: never, run: never, ports: never): Hono<DoorEnv>;
  readonly run: (...args: never) => Promise<unknown>;
  readonly ports: PortsOf<unknown>;
}
