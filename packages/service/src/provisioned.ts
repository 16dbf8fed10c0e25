/**
 * Was this function started ahead of any request, as a provisioned instance? Then all that a first request would wait for is done
 * at the start, for which Lambda gives such an instance minutes. Others open at their first request: their start is part of it.
 */
export const isProvisioned = (environment: Readonly<Record<string, string | undefined>> = process.env) =>
  environment.AWS_LAMBDA_INITIALIZATION_TYPE === 'provisioned-concurrency';
