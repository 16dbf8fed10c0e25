import { createHash } from 'node:crypto';
import { FrsError, type Operation } from '@openfrs/contract';
import { authenticate, authorise, type IdentityDeps } from '@openfrs/core/identity/authenticate.ts';
import type { Caller } from '@openfrs/core/identity/caller.ts';
import type { Project } from '@openfrs/core/ports/accounts.ts';
import type { RateLimits } from '@openfrs/core/ports/rate-limits.ts';
import type { Admission } from './admission/admission.ts';
import type { Deadlines } from './deadline.ts';
import type { Exchange } from './exchange.ts';
import type { Wire } from './wire.ts';

/** What every door needs before its operation. */
export interface GatewayPorts {
  readonly identity: IdentityDeps;
  readonly rateLimits: RateLimits;
  /** Shared by all doors of the process. */
  readonly admission: Admission;
  /** The presets if absent. */
  readonly deadlines?: Deadlines;
  now(): Date;
}

/** Of any request's body (APIG.0201). */
export const maxBodyBytes = 12 * 1024 * 1024;
/** Of the body of a request to IAM: the largest that has a use is below 2 kB, and anybody may send one. */
export const maxIamBodyBytes = 64 * 1024;

/** @param body read only where a signature covers it. @throws FrsError APIG.0301, APIG.0307, FRS.0002, and what `body` throws */
export async function callerOf(
  wire: Wire,
  body: () => Promise<Uint8Array>,
  ports: GatewayPorts,
): Promise<Caller> {
  const { method, rawPath, rawQuery, headers } = wire;
  const bodySha256 = async () =>
    createHash('sha256')
      .update(await body())
      .digest('hex');
  return await authenticate(
    { method, rawPath, rawQuery, headers, bodySha256, now: ports.now() },
    ports.identity,
  );
}

/** @throws FrsError FRS.0019 no service at all, FRS.0020 not this one, FRS.0202 frozen */
export function checkSubscription(operation: Operation, project: Project): void {
  if (operation.service === undefined) return;
  if (Object.keys(project.subscriptions).length === 0) throw new FrsError('FRS.0019');
  if (project.subscriptions[operation.service] === undefined) throw new FrsError('FRS.0020');
  if (project.frozen) throw new FrsError('FRS.0202');
}

/** Counts the request against the project's limit a minute and operation. @throws FrsError FRS.0033 */
export async function checkRate(
  operation: Operation,
  project: Project,
  state: Exchange,
  ports: GatewayPorts,
): Promise<void> {
  const limit = project.quotas.requestsPerMinute;
  if (limit === 0) return;
  const count = await ports.rateLimits.hit(project.id, operation.name, ports.now());
  state.rate = { limit, used: Math.min(count, limit) };
  if (count > limit) {
    const retryAfterSeconds = 60 - Math.floor((ports.now().getTime() / 1000) % 60);
    throw new FrsError('FRS.0033', undefined, { retryAfterSeconds });
  }
}

/** Refuses what would have no place in the line, before its body costs anything. @throws FrsError FRS.0033 */
export function checkCapacity(operation: Operation, project: Project, { admission }: GatewayPorts): void {
  const turn = { project: project.id, operation: operation.name };
  const { queue } = admission;
  if (queue.hasCapacity(turn)) return;
  throw new FrsError('FRS.0033', undefined, { retryAfterSeconds: queue.retryAfterSeconds });
}

/** The path's project, which the caller must own. @throws FrsError FRS.0002, FRS.0028 */
export async function projectOf(
  caller: Caller,
  projectId: string,
  state: Exchange,
  ports: GatewayPorts,
): Promise<Project> {
  state.userId = caller.userId;
  const project = await authorise(caller, projectId, ports.identity);
  state.projectId = project.id;
  state.rate = { limit: project.quotas.requestsPerMinute, used: 0 };
  return project;
}
