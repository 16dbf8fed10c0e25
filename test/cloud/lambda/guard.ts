import { createHash, randomUUID } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Asked, allows, askedFor, type PolicyStatement } from './policy.ts';

/** A message that a function sent to a queue. */
export interface Sent {
  readonly queueUrl: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, { readonly StringValue?: string }>>;
}

export interface Guard {
  readonly dynamodbEndpoint: string;
  readonly s3Endpoint: string;
  readonly sqsEndpoint: string;
  stop(): Promise<void>;
}

export interface GuardOptions {
  readonly statements: readonly PolicyStatement[];
  readonly dynamodbEndpoint: string;
  readonly s3Endpoint: string;
  readonly onSent: (message: Sent) => void;
  readonly onAllowed: (asked: Asked) => void;
  readonly onDenied: (asked: Asked) => void;
}

/**
 * Stands between one function and its stores as AWS's IAM does: passes on what the function's policy allows and refuses
 * the rest. Queues exist here only.
 */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const guarded = (pass: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void) =>
    start(async (request, response) => {
      const body = await readAll(request);
      const asked = askedFor(request.method ?? '', request.url ?? '/', request.headers, body);
      const denied = asked.find((one) => !allows(options.statements, one));
      if (denied === undefined) {
        for (const one of asked) options.onAllowed(one);
        return pass(request, body, response);
      }
      options.onDenied(denied);
      refuse(request, response, denied);
    });
  const dynamodb = await guarded((request, body, response) =>
    forward(options.dynamodbEndpoint, request, body, response, (status) => status),
  );
  const s3 = await guarded((request, body, response) => {
    const [bucket = ''] = (request.url ?? '').slice(1).split(/[/?]/);
    const list = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` };
    const seesMissing = allows(options.statements, list);
    forward(options.s3Endpoint, request, body, response, (status) =>
      // As S3 does: only who may list a bucket learns that an object isn't there.
      status === 404 && !seesMissing ? 403 : status,
    );
  });
  const sqs = await guarded((_, body, response) => {
    const input = JSON.parse(body.toString()) as {
      QueueUrl: string;
      MessageBody: string;
      MessageAttributes?: Sent['attributes'];
    };
    options.onSent({
      queueUrl: input.QueueUrl,
      body: input.MessageBody,
      attributes: input.MessageAttributes ?? {},
    });
    const digest = createHash('md5').update(input.MessageBody).digest('hex');
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify({ MessageId: randomUUID(), MD5OfMessageBody: digest }));
  });
  return {
    dynamodbEndpoint: dynamodb.endpoint,
    s3Endpoint: s3.endpoint,
    sqsEndpoint: sqs.endpoint,
    stop: async () => {
      await Promise.all([dynamodb.stop(), s3.stop(), sqs.stop()]);
    },
  };
}

async function start(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The headers go on as they came, the signed host among them. */
function forward(
  endpoint: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  statusOf: (status: number) => number,
): void {
  const { hostname, port } = new URL(endpoint);
  const onward = httpRequest(
    { hostname, port, method: request.method, path: request.url, headers: request.headers },
    (answer) => {
      response.writeHead(statusOf(answer.statusCode ?? 500), answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  onward.end(body);
}

function refuse(request: IncomingMessage, response: ServerResponse, { action, resource }: Asked): void {
  const message = `User is not authorized to perform: ${action} on resource: ${resource}`;
  if (request.headers['x-amz-target'] === undefined) {
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`);
    return;
  }
  response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: 'AccessDeniedException', message }));
}
