import type { Config } from '@openfrs/core';
import {
  createApp,
  createOperationApp,
  type HttpEnv,
  type OnRequest,
  type PipelinePorts,
  writeAuditLine,
} from '@openfrs/http';
import type { Hono } from 'hono';
import type { ServiceOperation } from './operation-handler.ts';
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
  readonly operations: readonly ServiceOperation[];
  readonly overrides?: Overrides;
  /** The clock of requests; the machine's by default. */
  readonly now?: () => Date;
  /** The audit log; lines on standard output by default. */
  readonly onRequest?: OnRequest;
}

/** One service: several may run in one process. */
export interface Service extends PartRegistry {
  /** Answers the operations, and everything else with 404 APIG.0101. */
  readonly app: Hono<HttpEnv>;
  /** Opens what the first request of each operation would open. */
  prepare(): Promise<void>;
}

/**
 * The composition root: puts operations on implementations of their ports. Nothing is opened before a request, or `resolve`, needs it.
 */
export function createService(
  config: Config,
  { operations, overrides, now, onRequest = writeAuditLine }: ServiceOptions,
): Service {
  const registry = createPartRegistry(config, overrides, now);
  const app = createApp(onRequest);
  const opened: Part<string, PipelinePorts | Promise<PipelinePorts>>[] = [];
  for (const handler of operations) {
    // Kept as a part: opened by the first request, and once more after a failure.
    const ports: Part<string, PipelinePorts | Promise<PipelinePorts>> = {
      name: handler.name,
      open: handler.ports,
    };
    opened.push(ports);
    app.route('/', createOperationApp(handler, { ports: () => registry.resolve(ports), onRequest }));
  }
  return {
    ...registry,
    app,
    async prepare() {
      await Promise.all(opened.map((ports) => registry.resolve(ports)));
    },
  };
}
