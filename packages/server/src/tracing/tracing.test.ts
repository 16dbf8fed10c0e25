import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { observedRequest, stagesEnded, storeCallsBegun } from '@openfrs/core/observation';
import { createClients } from '@openfrs/store';
import { afterEach, expect, it, vi } from 'vitest';
import { startTracing } from './tracing.ts';

interface Sent {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
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

it('sends the spans of a request, of its store calls and of models, on in the trace of who asked', async () => {
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
      stagesEnded.publish({ name: 'embed', startedAt: Date.now() - 30, ms: 30 });
      return { status: 400 };
    },
    () => 'FRS.0404',
  );
  await clients.dynamodb.send(new ListTablesCommand({}));
  clients.destroy();
  await end?.();
  const [request, call, stage] = ['face-search', 'DynamoDB.ListTables', 'vision.embed'].map((name) =>
    spans.find((span) => span.name === name),
  );
  expect(spans).toHaveLength(3);
  expect(request).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331', kind: 2 });
  expect(call).toMatchObject({ traceId, parentSpanId: request?.spanId, kind: 3 });
  expect(stage).toMatchObject({ traceId, parentSpanId: request?.spanId });
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

it('refuses a protocol that there is not, in a sentence', async () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
  await expect(startTracing(environment)).rejects.toThrow(/must be http\/protobuf or http\/json, not "grpc"/);
});
