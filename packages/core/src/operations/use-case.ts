import type { Project } from '../ports/accounts.ts';

/**
 * What an operation does: typed parameters in, the answer's body out. It runs after authentication,
 * subscription, rate limit and the reading of parameters; it touches the world through `ports` only.
 * @param signal aborts when the client has left or the request's deadline has passed: the result is then of no use
 */
export type UseCase<Parameters, Ports, Answer> = (
  parameters: Parameters,
  project: Project,
  ports: Ports,
  signal: AbortSignal,
) => Promise<Answer>;
