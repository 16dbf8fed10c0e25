import * as z from 'zod';
import { errorTable } from '../error-table.ts';
import { type Operation, type OperationName, operations } from '../operations.ts';
import { inPath, requests } from '../requests/index.ts';
import type { RequestSchema } from '../requests/read.ts';
import { iamErrorResponse, iamResponses, tokenRequestBody } from '../responses/iam.ts';
import { errorResponse, responses } from '../responses/index.ts';

export type JsonSchema = { [key: string]: unknown };

/** The whole API as an OpenAPI 3.1 document, from the tables and schemas that the service itself reads requests with. */
export function openApiDocument(version: string): JsonSchema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'openfrs',
      version,
      description: 'A face recognition service with the API of Huawei Cloud FRS v2.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: paths(),
    components: {
      securitySchemes: {
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Auth-Token',
          description: 'From POST /v3/auth/tokens.',
        },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…',
        },
      },
      schemas: { Error: schemaOf(errorResponse), IamError: schemaOf(iamErrorResponse) },
    },
  };
}

function paths(): Record<string, JsonSchema> {
  const all: Record<string, JsonSchema> = {};
  for (const row of operations as readonly (Operation & { name: OperationName })[]) {
    for (const [at, path] of row.paths.entries()) {
      all[path] = { ...all[path], [row.method.toLowerCase()]: operationObject(row, row.name, path, at) };
    }
  }
  return all;
}

function operationObject(row: Operation, name: OperationName, path: string, at: number): JsonSchema {
  const isFrs = name in requests;
  const input = isFrs ? inputOf(name as keyof typeof requests) : undefined;
  const answer = isFrs
    ? responses[name as keyof typeof responses]
    : iamResponses[name as keyof typeof iamResponses];
  const content = bodyOf(row, name, input);
  return {
    operationId: at === 0 ? name : `${name}-${at + 1}`,
    summary: row.summary,
    tags: [isFrs ? 'Face recognition' : 'IAM'],
    parameters: [...pathParameters(path), ...(content ? [] : queryParameters(name, input))],
    ...(content && { requestBody: { required: true, content } }),
    ...(row.auth !== 'none' && { security: [{ token: [] }, { signature: [] }] }),
    responses: {
      [name === 'token-create' ? '201' : '200']: {
        description: 'Done.',
        headers: headersOf(name),
        content: { 'application/json': { schema: schemaOf(answer) } },
      },
      ...errorResponses(isFrs),
    },
  };
}

/** An operation's parameters as one JSON Schema object, with the rules on their presence. */
function inputOf(name: keyof typeof requests): JsonSchema {
  const { schema, required = [], oneOf = [], anyOf } = requests[name] as RequestSchema<unknown>;
  const { properties = {} } = schemaOf(schema()) as { properties?: JsonSchema };
  const { [inPath]: _, ...own } = properties;
  const choices = [
    ...oneOf.map((group) => ({ oneOf: group.map((one) => ({ required: [one] })) })),
    ...(anyOf ? [{ anyOf: anyOf.map((one) => ({ required: [one] })) }] : []),
  ];
  return {
    type: 'object',
    properties: own,
    ...(required.length > 0 && { required }),
    ...(choices.length > 0 && { allOf: choices }),
  };
}

function bodyOf(row: Operation, name: OperationName, input: JsonSchema | undefined): JsonSchema | undefined {
  if (row.body === undefined) return undefined;
  const json = { schema: input ?? schemaOf(tokenRequestBody) };
  const content = { 'application/json': json };
  return row.body === 'json' || name === 'token-create'
    ? content
    : { ...content, 'multipart/form-data': json };
}

function pathParameters(path: string): JsonSchema[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(name: OperationName, input: JsonSchema | undefined): JsonSchema[] {
  if (name === 'project-list') return [{ name: 'name', in: 'query', schema: { type: 'string' } }];
  if (name === 'face-delete') {
    const description = 'Exactly one of face_id, external_image_id or a custom field, with its value.';
    const schema = {
      type: 'object',
      additionalProperties: { type: 'string' },
      minProperties: 1,
      maxProperties: 1,
    };
    return [
      { name: 'field', in: 'query', required: true, style: 'form', explode: true, description, schema },
    ];
  }
  const properties = (input?.properties ?? {}) as Record<string, JsonSchema>;
  return Object.entries(properties).map(([key, schema]) => ({ name: key, in: 'query', schema }));
}

function headersOf(name: OperationName): JsonSchema {
  const text = { schema: { type: 'string' } };
  const count = { schema: { type: 'integer' } };
  if (name === 'token-create') return { 'X-Subject-Token': text, 'X-Request-Id': text };
  if (!(name in requests)) return { 'X-Request-Id': text };
  return {
    'X-Request-Id': text,
    'X-ratelimit': count,
    'X-ratelimit-used': count,
    'X-ratelimit-window': text,
  };
}

/** The codes of the error table by HTTP status. */
function errorResponses(isFrs: boolean): JsonSchema {
  const schema = { $ref: isFrs ? '#/components/schemas/Error' : '#/components/schemas/IamError' };
  const rows = Object.entries(errorTable).filter(([code]) => isFrs || code.startsWith('APIG.'));
  const statuses = [...new Set(rows.map(([, row]) => row.status))].sort();
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: rows
          .filter(([, row]) => row.status === status)
          .map(([code, row]) => `- ${code}: ${row.message}`)
          .join('\n'),
        content: {
          'application/json': {
            schema: isFrs ? schema : { anyOf: [schema, { $ref: '#/components/schemas/Error' }] },
          },
        },
      },
    ]),
  );
}

function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // zod drops these of schemas that transform, but they are what a request may hold.
    override: ({ zodSchema, jsonSchema }) => {
      const { default: preset, examples } = z.globalRegistry.get(zodSchema) ?? {};
      Object.assign(jsonSchema, preset !== undefined && { default: preset }, examples && { examples });
    },
  });
  return rest;
}
