export * from './docs.ts';
export * from './door.ts';
export type { Answer, Exchange } from './exchange.ts';
export { type GatewayPorts, maxBodyBytes } from './gateway.ts';
export * from './iam-door.ts';
export * from './lambda.ts';
export type { AuditLine } from './log.ts';
export { notFound } from './not-found.ts';
export type { Bindings, DoorEnv } from './wire.ts';
