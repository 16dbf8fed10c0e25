import type { FrsOperationName, ParametersOf } from '@openfrs/contract';
import type { UseCase } from '@openfrs/core';
import type {
  AccountOperation,
  OpenOperation,
  OperationHandler,
  PipelinePorts,
  ProjectOperation,
} from '@openfrs/http';
import type { PartContext } from './part.ts';

/** The parts that an operation is run with, and no others: a port that its use case asks for beside them does not compile. */
interface Resolves<Ports> {
  readonly ports: (context: PartContext) => (PipelinePorts & Ports) | Promise<PipelinePorts & Ports>;
}

export type ProjectHandler<
  Name extends FrsOperationName,
  Run extends UseCase<ParametersOf<Name>, never, unknown>,
> = ProjectOperation<Name, Run> & Resolves<Parameters<Run>[2]>;

export type AccountHandler<Ports> = AccountOperation<Ports> & Resolves<Ports>;

export type OpenHandler<Ports> = OpenOperation<Ports> & Resolves<Ports>;

/** Any operation of a service. */
export type ServiceOperation = OperationHandler & Resolves<unknown>;
