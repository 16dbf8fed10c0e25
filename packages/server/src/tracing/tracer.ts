import {
  currentRequest,
  currentTask,
  type ObservedRequest,
  type ObservedTask,
  queueWaitsEnded,
  requestsBegun,
  requestsEnded,
  type StoreCall,
  stagesEnded,
  storeCallsBegun,
  storeCallsEnded,
  tasksBegun,
  tasksEnded,
} from '@openfrs/core/observation';
import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { globalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { version } from '../../package.json' with { type: 'json' };
import { logDiagnostics } from './diagnostics.ts';
import type { TraceProtocol, TracerSettings } from './protocol.ts';

/** A collector that doesn't answer keeps no stop longer. */
const longestEndMs = 5000;

/** Names of the engines, as their spans begin. */
const storeNames: Readonly<Record<StoreCall['store'], string>> = {
  dynamodb: 'DynamoDB',
  s3: 'S3',
  sqs: 'SQS',
};

/**
 * Spans of requests (server) and of tasks that belong to none (internal), of their calls of stores (client), their wait in the queue and
 * the stages of vision (internal), by OpenTelemetry's semantic conventions; nothing of a project, a person or a picture. A trace that a client began (W3C `traceparent`) is linked, or goes on; the
 * request's is passed on to the stores. Sampling, resource and batches are set by OpenTelemetry's own variables.
 * @returns sends what is left and ends it
 */
export async function openTracer({ protocol, goesOn }: TracerSettings): Promise<() => Promise<void>> {
  const endDiagnostics = logDiagnostics();
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'openfrs', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(await exporterOf(protocol))],
  });
  const ends = follow(provider, goesOn);
  return async () => {
    for (const end of ends) end();
    const late = new Promise<void>((resolve) => setTimeout(resolve, longestEndMs).unref());
    await Promise.race([provider.shutdown().catch(globalErrorHandler), late]);
    endDiagnostics();
  };
}

async function exporterOf(protocol: TraceProtocol): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

function follow(provider: BasicTracerProvider, goesOn: boolean): (() => void)[] {
  const tracer = provider.getTracer('openfrs', version);
  const propagator = new W3CTraceContextPropagator();
  const requests = new WeakMap<ObservedRequest, { readonly span: Span; readonly context: Context }>();
  const tasks = new WeakMap<ObservedTask, { readonly span: Span; readonly context: Context }>();
  const calls = new WeakMap<StoreCall, Span>();
  const contextOfWork = () => {
    const [request, task] = [currentRequest(), currentTask()];
    return ((request && requests.get(request)) ?? (task && tasks.get(task)))?.context;
  };
  /** Whoever asked for what led to it isn't known here: a trace of its own. */
  const startTask = ({ name, startedAt }: ObservedTask) =>
    tracer.startSpan(`task.${name}`, { startTime: startedAt }, ROOT_CONTEXT);
  const tellPart = (name: string, startedAt: number, ms: number, attributes: Attributes = {}) => {
    const parent = contextOfWork();
    if (parent === undefined) return;
    tracer.startSpan(name, { startTime: startedAt, attributes }, parent).end(startedAt + ms);
  };
  return [
    requestsBegun.watch((request) => {
      const { operation, requestId, startedAt, headers } = request;
      const remote = headers ? propagator.extract(ROOT_CONTEXT, headers, fromHeaders) : ROOT_CONTEXT;
      const parent = goesOn ? remote : ROOT_CONTEXT;
      const links = goesOn ? [] : linksTo(trace.getSpanContext(remote));
      const attributes = { 'openfrs.operation': operation, 'openfrs.request_id': requestId };
      const span = tracer.startSpan(
        operation,
        { kind: SpanKind.SERVER, startTime: startedAt, attributes, links },
        parent,
      );
      requests.set(request, { span, context: trace.setSpan(parent, span) });
    }),
    requestsEnded.watch(({ request, status, code }) => {
      const span = requests.get(request)?.span;
      span?.setAttribute('http.response.status_code', status);
      if (code !== undefined) span?.setAttribute('error.type', code);
      if (status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    }),
    storeCallsBegun.watch((call) => {
      const parent = contextOfWork();
      if (parent === undefined) return;
      const { store, operation, startedAt, headers } = call;
      const span = tracer.startSpan(
        `${storeNames[store]}.${operation}`,
        {
          kind: SpanKind.CLIENT,
          startTime: startedAt,
          attributes: { 'rpc.system': 'aws-api', 'rpc.service': storeNames[store], 'rpc.method': operation },
        },
        parent,
      );
      calls.set(call, span);
      propagator.inject(trace.setSpan(parent, span), headers, {
        set(carrier, name, value) {
          carrier[name] = value;
        },
      });
    }),
    storeCallsEnded.watch(({ call, outcome }) => {
      const span = calls.get(call);
      span?.setAttribute('openfrs.outcome', outcome);
      if (outcome === 'failed' || outcome === 'throttled') span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    }),
    stagesEnded.watch(({ name, startedAt, ms }) => tellPart(`vision.${name}`, startedAt, ms)),
    queueWaitsEnded.watch(({ outcome, ms }) =>
      tellPart('queue', Date.now() - ms, ms, { 'openfrs.outcome': outcome }),
    ),
    tasksBegun.watch((task) => {
      const span = startTask(task);
      tasks.set(task, { span, context: trace.setSpan(ROOT_CONTEXT, span) });
    }),
    tasksEnded.watch(({ task, done, ms }) => {
      // Of the maintenance thread the end alone is told here.
      const span = tasks.get(task)?.span ?? startTask(task);
      if (!done) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(task.startedAt + ms);
    }),
  ];
}

/** Nothing of the client's own state: it may be half a kilobyte of anything. */
function linksTo(context: SpanContext | undefined): Link[] {
  if (context === undefined) return [];
  const { traceId, spanId, traceFlags } = context;
  return [{ context: { traceId, spanId, traceFlags, isRemote: true } }];
}

/** Of a header that came twice, none: so W3C has it. */
const fromHeaders = {
  get: (headers: NonNullable<ObservedRequest['headers']>, name: string) => headers.get(name) ?? undefined,
  keys: () => ['traceparent', 'tracestate'],
};
