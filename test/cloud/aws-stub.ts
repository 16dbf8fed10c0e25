import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const account = '123456789012';
const registry = `${account}.dkr.ecr.us-east-1.amazonaws.com/sst-asset`;

/** What SST's bootstrap keeps in SSM; version 5 is SST 4.17's, so no bootstrap step runs. */
const bootstrap = JSON.stringify({
  version: 5,
  asset: 'assets',
  state: 'state',
  assetEcrRegistryId: account,
  assetEcrUrl: registry,
  appsyncHttp: 'unused',
  appsyncRealtime: 'unused',
});

/** The few answers of AWS that `sst diff` needs before the program runs: SSM, S3 (empty), STS, ECR. */
export async function startAwsStub(): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((stopped) => server.close(() => stopped())),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const target = String(request.headers['x-amz-target'] ?? '');
  const json = (value: unknown) => {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify(value));
  };
  if (target.endsWith('.GetParameter')) {
    const name = String((JSON.parse(body) as { Name: string }).Name);
    const value = name.includes('passphrase') ? 'only-for-the-check' : bootstrap;
    return json({ Parameter: { Name: name, Type: 'String', Value: value } });
  }
  if (body.includes('GetCallerIdentity')) {
    response.setHeader('content-type', 'text/xml');
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/ci</Arn><UserId>ci</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
    return;
  }
  if (request.method === 'GET' || request.method === 'HEAD') {
    response.statusCode = 404;
    response.setHeader('content-type', 'application/xml');
    response.end('<Error><Code>NoSuchKey</Code></Error>');
    return;
  }
  json({});
}
