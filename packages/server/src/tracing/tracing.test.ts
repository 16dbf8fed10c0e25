import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  logLines,
  observedRequest,
  observedTask,
  queueWaitsEnded,
  stagesEnded,
  storeCallsBegun,
  tasksEnded,
} from '@openfrs/core/observation';
import { createClients } from '@openfrs/store';
import { afterEach, expect, it, vi } from 'vitest';
import { startTracing } from './tracing.ts';

interface Sent {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly links?: readonly { readonly traceId: string; readonly traceState?: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

const open: Server[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of open.splice(0)) server.close();
});

async function listening(answer: (request: IncomingMessage, body: string) => string): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer(request, body));
  });
  open.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('sends the spans of a request, of its store calls and of models, in the trace of who asked where that is to go on', async () => {
  const spans: Sent[] = [];
  const texts: string[] = [];
  const collector = await listening((request, body) => {
    texts.push(body);
    expect(request.url).toBe('/v1/traces');
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: Sent[] }[] }[];
    };
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    return '{}';
  });
  const passedOn: unknown[] = [];
  const engine = await listening(({ headers }) => {
    passedOn.push(headers.traceparent);
    return '{"TableNames":[]}';
  });
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector);
  vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json');
  vi.stubEnv('OTEL_PROPAGATORS', 'tracecontext,baggage');
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=test');
  const end = await startTracing(process.env);
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
  const clients = createClients({ region: 'r', dynamodbEndpoint: engine, credentials });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const headers = new Headers({ traceparent: `00-${traceId}-b7ad6b7169203331-01`, 'x-auth-token': 'secret' });
  await observedRequest(
    { requestId: 'r1', operation: 'face-search', startedAt: Date.now(), headers },
    async () => {
      await clients.dynamodb.send(new ListTablesCommand({}));
      queueWaitsEnded.publish({ operation: 'face-search', outcome: 'begun', ms: 20 });
      stagesEnded.publish({ name: 'embed', startedAt: Date.now() - 30, ms: 30 });
      return { status: 400 };
    },
    () => 'FRS.0404',
  );
  await clients.dynamodb.send(new ListTablesCommand({}));
  clients.destroy();
  await end?.();
  const [request, call, stage, wait] = ['face-search', 'DynamoDB.ListTables', 'vision.embed', 'queue'].map(
    (name) => spans.find((span) => span.name === name),
  );
  expect(spans).toHaveLength(4);
  expect(request).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331', kind: 2 });
  expect(call).toMatchObject({ traceId, parentSpanId: request?.spanId, kind: 3 });
  expect(stage).toMatchObject({ traceId, parentSpanId: request?.spanId });
  expect(wait).toMatchObject({ traceId, parentSpanId: request?.spanId });
  const told = Object.fromEntries(
    (request?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]),
  );
  expect(told).toEqual({
    ...{ 'openfrs.operation': 'face-search', 'openfrs.request_id': 'r1' },
    ...{ 'http.response.status_code': 400, 'error.type': 'FRS.0404' },
  });
  expect(passedOn).toEqual([`00-${traceId}-${call?.spanId}-01`, undefined]);
  expect(texts.join()).toContain('deployment.environment.name');
  expect(texts.join()).not.toContain('secret');
});

it('sends a trace of each task that belongs to no request, with its calls where it runs here', async () => {
  const spans: Sent[] = [];
  const collector = await listening((_request, body) => {
    const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] };
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    return '{}';
  });
  const engine = await listening(() => '{"TableNames":[]}');
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector);
  vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json');
  const end = await startTracing(process.env);
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
  const clients = createClients({ region: 'r', dynamodbEndpoint: engine, credentials });
  const failing = observedTask('enrol', async () => {
    await clients.dynamodb.send(new ListTablesCommand({}));
    stagesEnded.publish({ name: 'detect', startedAt: Date.now() - 30, ms: 30 });
    throw new Error('of an engine');
  });
  await expect(failing).rejects.toThrow('of an engine');
  // As the maintenance thread tells of it.
  tasksEnded.publish({ task: { name: 'compact', startedAt: Date.now() - 500 }, done: true, ms: 500 });
  clients.destroy();
  await end?.();
  const called = (name: string) => spans.find((span) => span.name === name);
  const [enrol, compact] = [called('task.enrol'), called('task.compact')];
  expect(spans).toHaveLength(4);
  const of = { traceId: enrol?.traceId, parentSpanId: enrol?.spanId };
  expect(called('DynamoDB.ListTables')).toMatchObject(of);
  expect(called('vision.detect')).toMatchObject(of);
  expect(enrol).toMatchObject({ status: { code: 2 } });
  expect(compact?.traceId).not.toBe(enrol?.traceId);
  expect(compact).not.toMatchObject({ status: { code: 2 } });
  for (const task of [enrol, compact]) expect(task?.parentSpanId).toBeUndefined();
  const took = Number(compact?.endTimeUnixNano) - Number(compact?.startTimeUnixNano);
  expect(Math.round(took / 1e6)).toBe(500);
  expect(JSON.stringify(spans)).not.toContain('of an engine');
});

it("lets no client's traceparent decide what is sampled, nor write into a trace: it is linked", async () => {
  const spans: Sent[] = [];
  const collector = await listening((_request, body) => {
    const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] };
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    return '{}';
  });
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector);
  vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json');
  vi.stubEnv('OTEL_TRACES_SAMPLER', 'parentbased_traceidratio');
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const ask = async (flags: string) => {
    const traceparent = `00-${traceId}-b7ad6b7169203331-${flags}`;
    const headers = new Headers({ traceparent, tracestate: 'a=b' });
    await observedRequest(
      { requestId: flags, operation: 'face-detect', startedAt: Date.now(), headers },
      async () => ({ status: 401 }),
      () => undefined,
    );
  };
  vi.stubEnv('OTEL_TRACES_SAMPLER_ARG', '0');
  const endNone = await startTracing(process.env);
  await ask('01');
  await endNone?.();
  expect(spans).toEqual([]);
  vi.stubEnv('OTEL_TRACES_SAMPLER_ARG', '1');
  const endAll = await startTracing(process.env);
  await ask('00');
  await endAll?.();
  expect(spans).toHaveLength(1);
  expect(spans[0]?.traceId).not.toBe(traceId);
  expect(spans[0]?.parentSpanId).toBeUndefined();
  expect(spans[0]?.links).toMatchObject([{ traceId }]);
  expect(JSON.stringify(spans[0]?.links)).not.toContain('a=b');
});

it.each([
  ['while it serves', '1'],
  ['at its end', '512'],
])('says in the log that a collector takes nothing, %s', async (when, batch) => {
  const said: string[] = [];
  const endLog = logLines.watch(({ level, message }) => said.push(`${level}: ${message}`));
  const collector = await listening(() => '');
  open.splice(0).map((server) => server.close());
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector);
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '100');
  vi.stubEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', batch);
  const end = await startTracing(process.env);
  await observedRequest(
    { requestId: 'r', operation: 'face-detect', startedAt: Date.now() },
    async () => ({ status: 200 }),
    () => undefined,
  );
  const isSaid = () => expect(said.join()).toMatch(/^warn: OpenTelemetry: traces could not be sent: /);
  if (when === 'while it serves') await vi.waitFor(isSaid);
  await end?.();
  endLog();
  isSaid();
});

it('sends protobuf unless JSON is asked for, and waits for no collector that is gone', async () => {
  const types: unknown[] = [];
  const collector = await listening(({ headers }) => {
    types.push(headers['content-type']);
    return '';
  });
  vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', `${collector}/v1/traces`);
  const end = await startTracing(process.env);
  const request = { requestId: 'r', operation: 'face-detect', startedAt: Date.now() };
  await observedRequest(
    request,
    async () => ({ status: 200 }),
    () => undefined,
  );
  await end?.();
  expect(types).toEqual(['application/x-protobuf']);
});

it.each([
  ['no variable', {}],
  ['only a protocol', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }],
  ['the SDK disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }],
  ['no exporter', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_EXPORTER: 'none' }],
])('is off with %s', async (_name, environment) => {
  expect(await startTracing(environment)).toBeUndefined();
  expect(storeCallsBegun.isWatched).toBe(false);
});

it.each(['collector', 'localhost:4318', 'http://'])(
  'stops at the endpoint %s, in a sentence',
  async (endpoint) => {
    const wanted = /^OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http:/;
    await expect(startTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).rejects.toThrow(wanted);
    const ofTraces = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
    };
    await expect(startTracing(ofTraces)).rejects.toThrow(/^OTEL_EXPORTER_OTLP_TRACES_ENDPOINT must/);
  },
);

it.each([
  ['OTEL_TRACES_EXPORTER', ''],
  ['OTEL_TRACES_EXPORTER', 'otlp,console'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', ''],
  ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', ''],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', ''],
  ['OTEL_SDK_DISABLED', ''],
])('is on with %s="%s"', async (name, value) => {
  const end = await startTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', [name]: value });
  expect(storeCallsBegun.isWatched).toBe(true);
  await end?.();
});

it('refuses a protocol that there is not, in a sentence that names the variable', async () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
  await expect(startTracing(environment)).rejects.toThrow(/must be http\/protobuf or http\/json, not "grpc"/);
  const ofTraces = { ...environment, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'x' };
  await expect(startTracing(ofTraces)).rejects.toThrow(/^OTEL_EXPORTER_OTLP_TRACES_PROTOCOL must .*"x"/);
});
