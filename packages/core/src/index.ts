export * from './config.ts';
export * from './identity/index.ts';
export type * from './ports/accounts.ts';
export type * from './ports/enrolments.ts';
export type * from './ports/face-sets.ts';
export type * from './ports/liveness.ts';
export type * from './ports/objects.ts';
export type * from './ports/rate-limits.ts';
export type * from './ports/vision.ts';
