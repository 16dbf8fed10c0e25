export { type Admission, type AdmissionLimits, createAdmission, isBusy } from './admission/admission.ts';
export { createApp, respondError } from './create-app.ts';
export { createOperationApp } from './create-operation-app.ts';
export { type Deadlines, defaultDeadlines } from './deadline.ts';
export * from './docs.ts';
export type { IamRequest } from './iam-request.ts';
export * from './lambda.ts';
export { metricsLog, workMetricsLog } from './metrics.ts';
export { awaitTurn, checkCapacity } from './middleware/admission.ts';
export { authRequestOf } from './middleware/authenticate.ts';
export { parameters } from './middleware/parameters.ts';
export { rateLimit } from './middleware/rate-limit.ts';
export { subscription } from './middleware/subscription.ts';
export type {
  AccountOperation,
  OpenOperation,
  OperationHandler,
  ProjectOperation,
} from './operation-handler.ts';
export type { Bindings, HttpEnv } from './raw-request.ts';
export type { PipelinePorts } from './request-context.ts';
export { type AuditLine, auditLines, type OnRequest, writeAuditLine } from './request-log.ts';
export { projectPipeline, type RouteOptions } from './request-pipelines.ts';
export { type HttpResult, newRequestId, refusal } from './respond.ts';
export { accountRoute, openRoute, projectRoute } from './routes.ts';
export { answerStatic, once, type StaticContent, staticContent } from './static-content.ts';
