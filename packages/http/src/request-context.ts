import type { Caller, IdentityDeps, Project, RateLimits } from '@openfrs/core';
import type { Admission } from './admission/admission.ts';
import type { MemoryReservation } from './admission/memory-budget.ts';
import type { Deadline, Deadlines } from './deadline.ts';
import type { RawRequest } from './raw-request.ts';

/** What the headers of the answer and the line in the audit log will tell of a request. */
export interface RequestRecord {
  readonly requestId: string;
  /** The operation's name in the log. */
  readonly operation: string;
  projectId?: string;
  userId?: string;
  /** Of an API token. */
  tokenId?: string;
  /** Ids of what was changed, see `AuditLine`. */
  target?: Readonly<Record<string, string>>;
  /** Set on FRS answers; `limit` 0 is unlimited. */
  rate?: { readonly limit: number; readonly left: number };
  /** Of the error that it was answered with. */
  errorCode?: string;
}

export interface WithRecord {
  readonly record: RequestRecord;
}

/** What a request carries from its arrival on; middleware adds the rest. */
export interface RequestContext extends WithRecord {
  readonly raw: RawRequest;
  /** A parameter of the route, decoded. */
  pathParameter(name: string): string | undefined;
}

/** What every request needs before its operation. */
export interface PipelinePorts {
  readonly identity: IdentityDeps;
  readonly rateLimits: RateLimits;
  /** Shared by all requests of the process. */
  readonly admission: Admission;
  readonly deadlines: Deadlines;
  now(): Date;
}

export interface WithDeadline {
  readonly deadline: Deadline;
  /** Aborts when the client has left or the request's deadline has passed. */
  readonly signal: AbortSignal;
}

export interface WithPorts<Ports = PipelinePorts> {
  readonly ports: Ports;
}

export interface WithBody {
  readonly reservation: MemoryReservation;
  readonly body: RequestBody;
}

interface RequestBody {
  /** All of it, read at the first call. @throws FrsError APIG.0201, FRS.0014, FRS.0033 */
  read(): Promise<Uint8Array>;
  /** Lets go of it: it was parsed, and is not asked for again. */
  release(): void;
}

export interface WithCaller {
  readonly caller: Caller;
}

export interface WithProject {
  readonly project: Project;
}

export interface WithParameters<Parameters> {
  readonly parameters: Parameters;
}
