export * from './console-log.ts';
export * from './door.ts';
export type { Answer, AuditLine, Exchange, Log } from './exchange.ts';
export { type GatewayPorts, maxBodyBytes } from './gateway.ts';
export * from './iam-door.ts';
export * from './lambda.ts';
export { notFound } from './not-found.ts';
export type { Bindings, DoorEnv } from './wire.ts';
