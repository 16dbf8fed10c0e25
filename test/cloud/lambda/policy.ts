/** What one call of an AWS API asks for. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
}

/** One statement of a function's policy, as the plan has it. */
export interface PolicyStatement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

const account = 'us-east-1:123456789012';

/** Is it allowed by some statement? Resources may end in `*`; actions may not. */
export function allows(statements: readonly PolicyStatement[], { action, resource }: Asked): boolean {
  return statements.some(
    ({ Effect, Action, Resource }) =>
      Effect === 'Allow' &&
      Action.includes(action) &&
      Resource.some(
        (one) => one === resource || (one.endsWith('*') && resource.startsWith(one.slice(0, -1))),
      ),
  );
}

/** What a call over HTTP asks for, by its target header (DynamoDB, SQS) or its method and path (S3, path style). */
export function askedFor(
  method: string,
  url: string,
  headers: Readonly<Record<string, unknown>>,
  body: Buffer,
): Asked[] {
  const [service = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  if (service.startsWith('DynamoDB')) return dynamodb(operation, JSON.parse(body.toString()));
  if (service === 'AmazonSQS') {
    const { QueueUrl } = JSON.parse(body.toString()) as { QueueUrl: string };
    return [{ action: `sqs:${operation}`, resource: `arn:aws:sqs:${account}:${QueueUrl.split('/').at(-1)}` }];
  }
  return s3(method, new URL(url, 'http://s3'), body);
}

/** A write of a transaction: `{ Put: { TableName, … } }`. */
type Write = Readonly<Record<string, { readonly TableName?: string }>>;

function dynamodb(
  operation: string,
  input: {
    TableName?: string;
    RequestItems?: Record<string, unknown>;
    TransactItems?: readonly Write[];
  },
): Asked[] {
  // A transaction asks for what each of its writes would ask for alone.
  if (input.TransactItems !== undefined) {
    const writes = input.TransactItems.flatMap(Object.entries) as [string, Write[string]][];
    return writes.flatMap(([kind, { TableName = '' }]) => dynamodb(`${kind}Item`, { TableName }));
  }
  const tables = input.TableName === undefined ? Object.keys(input.RequestItems ?? {}) : [input.TableName];
  return tables.map((table) => ({
    action: `dynamodb:${operation}`,
    resource: `arn:aws:dynamodb:${account}:table/${table}`,
  }));
}

function s3(method: string, { pathname, searchParams }: URL, body: Buffer): Asked[] {
  const [, bucket = '', ...rest] = pathname.split('/');
  const arn = `arn:aws:s3:::${bucket}`;
  const key = decodeURIComponent(rest.join('/'));
  if (key === '') {
    if (method !== 'POST') return [{ action: 's3:ListBucket', resource: arn }];
    const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name]) => name ?? '');
    return keys.map((name) => ({ action: 's3:DeleteObject', resource: `${arn}/${name}` }));
  }
  const actions: Record<string, string> = {
    GET: 's3:GetObject',
    HEAD: 's3:GetObject',
    PUT: 's3:PutObject',
    POST: 's3:PutObject',
    DELETE: searchParams.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject',
  };
  return [{ action: actions[method] ?? `s3:${method}`, resource: `${arn}/${key}` }];
}
