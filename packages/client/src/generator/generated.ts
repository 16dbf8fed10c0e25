import { openApiDocument } from '@openfrs/contract/openapi';
import openapiTS, { astToString, type OpenAPI3, type SchemaObject } from 'openapi-typescript';
import ts from 'typescript';

type Content = Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>>;

interface OperationObject {
  readonly operationId: string;
  readonly summary: string;
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}

const notice = '// Generated from the OpenAPI document: npm run generate -w packages/client\n';

/** Operations that aren't methods: tokens are the client's own affair, and a second path does what the first does. */
const isMethod = ({ operationId }: OperationObject) => !/^token-create$|-\d$/.test(operationId);

/** The files that follow from the OpenAPI document, by their names in `src/generated`. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const document = structuredClone(openApiDocument('')) as unknown as OpenAPI3;
  const paths = document.paths as Record<string, Record<string, OperationObject>>;
  const routes: string[] = [];
  const kept: Record<string, Record<string, OperationObject>> = {};
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (!isMethod(operation)) continue;
      kept[path] = { ...kept[path], [method]: essence(operation) };
      routes.push(route(path, method, operation));
    }
  }
  const ast = await openapiTS({ ...document, paths: kept, components: {} } as OpenAPI3, {
    transform,
  });
  // Methods go by operation: of the types only those of the operations are needed.
  const types = ast.filter((node) => ts.isInterfaceDeclaration(node) && node.name.text === 'operations');
  return new Map([
    ['openapi.ts', `${notice}${astToString(types)}`],
    ['routes.ts', `${notice}export const routes = {\n${routes.join('')}} as const;\n`],
  ]);
}

/** Errors are thrown, so their bodies need no type; JSON and multipart take the same parameters. */
function essence(operation: OperationObject): OperationObject {
  const { requestBody, responses } = operation;
  return {
    ...operation,
    ...(requestBody && { requestBody: { required: true, ...jsonOf(requestBody.content) } }),
    responses: { 200: { description: 'Done.', ...jsonOf(responses[200]?.content) } },
  };
}

/** Without the rules on which parameters exclude each other: no type can say them. */
function jsonOf(content: Content | undefined): { readonly content: Content } {
  const { allOf: _, ...schema } = content?.['application/json']?.schema ?? {};
  return { content: { 'application/json': { schema } } };
}

function route(path: string, method: string, { operationId, summary, requestBody }: OperationObject): string {
  const name = operationId.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const row = {
    operation: operationId,
    method: method.toUpperCase(),
    path,
    hasBody: requestBody !== undefined,
  };
  return `  /** ${summary}. */\n  ${name}: ${JSON.stringify(row)},\n`;
}

/** A file is a Blob; a custom field's value may be an integer that only a bigint holds. */
function transform(schema: SchemaObject): ts.TypeNode | undefined {
  if (schema.format === 'binary') return ts.factory.createTypeReferenceNode('Blob');
  const { type } = schema as { type?: unknown };
  if (!Array.isArray(type) || !type.includes('number')) return undefined;
  const keyword = {
    string: ts.SyntaxKind.StringKeyword,
    number: ts.SyntaxKind.NumberKeyword,
    boolean: ts.SyntaxKind.BooleanKeyword,
  } as const;
  return ts.factory.createUnionTypeNode([
    ...type.map((one: keyof typeof keyword) => ts.factory.createKeywordTypeNode(keyword[one])),
    ts.factory.createKeywordTypeNode(ts.SyntaxKind.BigIntKeyword),
  ]);
}
