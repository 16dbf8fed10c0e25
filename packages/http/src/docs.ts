import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openApiDocument } from '@openfrs/contract/openapi';
import { Hono } from 'hono';
import { docsPolicy } from './docs-policy.ts';
import type { HttpEnv } from './raw-request.ts';
import { answerStatic, once, staticContent } from './static-content.ts';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>openfrs: the API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <main id="ui"></main>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/**
 * Swagger UI fills every field of a form with a sample and sends it, which to the service is a second picture: the fields begin empty here,
 * and what was left empty is not sent. It can't draw a form with an empty list, and sends the items of one each by itself: lists and
 * objects are JSON texts here, as the service reads them.
 */
const start = `const beginEmpty = (spec) => {
  for (const path of Object.values(spec.paths)) {
    for (const { requestBody } of Object.values(path)) {
      const form = requestBody?.content?.['multipart/form-data'];
      const fields = form?.schema.properties ?? {};
      for (const [name, field] of Object.entries(fields)) {
        if (field.format === 'binary') continue;
        if (field.type !== 'array' && field.type !== 'object') {
          field.example = '';
          continue;
        }
        fields[name] = { type: 'string', description: field.description + ' As JSON.', example: '' };
        form.encoding = { ...form.encoding, [name]: { contentType: 'application/json' } };
      }
    }
  }
  return spec;
};
const sendTexts = async (request) => {
  if (request.body instanceof FormData) {
    for (const [name, value] of [...request.body]) {
      if (value === '') request.body.delete(name);
      if (value instanceof Blob && value.type === 'application/json') request.body.set(name, await value.text());
    }
  }
  return request;
};
fetch('openapi.json').then((response) => response.json()).then((spec) =>
  SwaggerUIBundle({
    spec: beginEmpty(spec),
    dom_id: '#ui',
    deepLinking: true,
    validatorUrl: null,
    persistAuthorization: false,
    requestInterceptor: sendTexts,
  }),
);
`;

const script = 'text/javascript; charset=utf-8';
const files = [
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', script],
] as const;

const headers = {
  'Content-Security-Policy': docsPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/**
 * `/openapi.json`, and `/docs`: a page to read and try the API, which works without internet access. Each is built or read at its first
 * request, once.
 */
export function docsApp(version: string): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  const serve = (path: string, type: string, cache: string, read: () => Promise<string | Uint8Array>) => {
    const content = once(async () =>
      staticContent(await read(), { ...headers, 'Content-Type': type, 'Cache-Control': cache }),
    );
    app.get(path, async (c) => answerStatic(c, await content()));
  };
  serve('/openapi.json', 'application/json', 'no-cache', async () =>
    JSON.stringify(openApiDocument(version)),
  );
  serve('/docs', 'text/html; charset=utf-8', 'no-cache', async () => page);
  serve('/docs/start.js', script, 'no-cache', async () => start);
  for (const [name, type] of files) {
    serve(`/docs/${name}`, type, 'public, max-age=86400', () => readFile(join(folder(), name)));
  }
  return app;
}

function folder(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}
