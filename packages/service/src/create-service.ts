import type { Config } from '@openfrs/core/config.ts';
import { type DoorEnv, httpApp } from '@openfrs/http';
import type { Hono } from 'hono';
import type { OperationHandler } from './operation-handler.ts';
import { createPartRegistry, type Part, type PartContext, type PartRegistry } from './part.ts';
import type * as parts from './parts.ts';

type Parts = typeof parts;

/** A host's own parts in the place of the presets, by name. */
export type Overrides = {
  readonly [Name in keyof Parts]?: Parts[Name] extends Part<string, infer Value>
    ? (context: PartContext) => Value
    : never;
};

export interface ServiceOptions {
  /** Those that `app` answers. */
  readonly operations: readonly OperationHandler[];
  readonly overrides?: Overrides;
  /** The clock of requests; the machine's by default. */
  readonly now?: () => Date;
}

/** One service: several may run in one process. */
export interface Service extends PartRegistry {
  /** Answers the operations, and everything else with 404 APIG.0101. */
  readonly app: Hono<DoorEnv>;
}

/**
 * The composition root: puts operations on implementations of their ports. Nothing is opened before a request, or `resolve`, needs it.
 */
export function createService(config: Config, { operations, overrides, now }: ServiceOptions): Service {
  const registry = createPartRegistry(config, overrides, now);
  const app = httpApp();
  for (const handler of operations) app.route('/', operationApp(handler, registry));
  return { ...registry, app };
}

function operationApp(
  { name, createApp, run, ports }: OperationHandler,
  context: PartContext,
): Hono<DoorEnv> {
  // Kept as a part: opened by the first request, and once more after a failure.
  const part: Part<string, unknown> = { name: '', open: ports };
  const resolvePorts = () => context.resolve(part);
  return createApp(name as never, run as never, resolvePorts as never);
}
