import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../error-table.ts';
import { operations } from '../operations.ts';
import { openApiDocument } from './document.ts';

const document = openApiDocument('1.0.0');
const paths = document.paths as Record<string, Record<string, Record<string, unknown>>>;
const text = JSON.stringify(document);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
  });

  it('has every path and method of the table of operations, and no other', () => {
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = operations.flatMap((row) => row.paths.map((path) => `${row.method} ${path}`));
    expect(listed.sort()).toEqual(expected.sort());
  });

  it('names every code of the error table', () => {
    for (const code of Object.keys(errorTable)) expect(text).toContain(`- ${code}: `);
  });

  it('describes parameters as the service reads them', () => {
    const body = paths['/v2/{project_id}/face-sets/{face_set_name}/search']?.post?.requestBody as {
      content: Record<string, { schema: { properties: Record<string, unknown>; allOf: unknown[] } }>;
    };
    const schema = body.content['multipart/form-data']?.schema;
    expect(schema?.properties.top_n).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 10,
    });
    expect(schema?.properties.image_file).toMatchObject({ type: 'string', format: 'binary' });
    expect(schema?.properties.single).toBeUndefined();
    expect(schema?.allOf[0]).toEqual({
      oneOf: ['image_url', 'image_file', 'image_base64', 'face_id'].map((one) => ({ required: [one] })),
    });
    expect(text).not.toContain('{face_set_name}"]');
  });
});
