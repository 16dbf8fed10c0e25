import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { S3Error } from './error.ts';
import { buildXml, type XmlNode } from './xml.ts';

export interface S3Response {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Readable;
}

/** 200 with an XML document. */
export function xmlResponse(root: string, content: XmlNode): S3Response {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: buildXml(root, content) };
}

/** The error document; what isn't an S3Error is a fault of ours: its text stays out of the answer. */
export function errorResponse(error: unknown, resource: string): S3Response {
  const known = error instanceof S3Error ? error : new S3Error('InternalError');
  const content = { Code: known.code, Message: known.message, ...known.fields, Resource: resource };
  return {
    status: known.status,
    headers: { 'content-type': 'application/xml' },
    body: buildXml('Error', content, false),
  };
}

/** Writes an answer; a HEAD's answer has no body. A reader that leaves early is no fault. */
export async function send(response: ServerResponse, answer: S3Response, head: boolean): Promise<void> {
  const text = typeof answer.body === 'string' ? answer.body : undefined;
  response.writeHead(answer.status, {
    'x-amz-request-id': randomUUID(),
    server: 'openfrs-embedded-s3',
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'ETag, x-amz-request-id',
    ...(text === undefined || head ? {} : { 'content-length': Buffer.byteLength(text) }),
    ...(answer.body === undefined && answer.status !== 204 && answer.status !== 304 && !head
      ? { 'content-length': 0 }
      : {}),
    ...answer.headers,
  });
  if (head || answer.body === undefined || text !== undefined) {
    response.end(head ? undefined : text);
  } else {
    await pipeline(answer.body as Readable, response).catch(() => response.destroy());
  }
}
