import type { Project } from '../ports/accounts.ts';

/**
 * What an operation does: typed parameters in, the body of its response out. It runs after authentication, subscription,
 * rate limit and the reading of parameters, and does I/O only through `ports`.
 * @param signal aborts when the client has left or the request's deadline has passed: the result is then of no use
 */
export type UseCase<Parameters, Ports, Response> = (
  parameters: Parameters,
  project: Project,
  ports: Ports,
  signal: AbortSignal,
) => Promise<Response>;
