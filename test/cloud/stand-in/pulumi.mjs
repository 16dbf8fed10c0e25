/**
 * Stands in for the `pulumi` engine under `sst diff`: evaluates the program that SST built under Pulumi's own
 * mocks and writes every resource with its resolved inputs to the file that OPENFRS_PLAN names. It can't see
 * what AWS itself would refuse.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

/** Of whom the plan is, and where. */
const account = '123456789012';
const region = process.env.AWS_REGION ?? 'us-east-1';
const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
const dnsSuffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';

const [command, ...rest] = process.argv.slice(2);
if (command === 'version') process.stdout.write('v3.210.0\n');
else if (command === 'stack' && rest[0] === 'init') initStack(rest[1]);
else if (command === 'preview') await preview();

/** An empty state, as `pulumi stack init` leaves it in the file backend. */
function initStack(stack) {
  const [, project, name] = stack.split('/');
  const file = join(process.cwd(), '.pulumi', 'stacks', project, `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const manifest = { time: '2026-01-01T00:00:00Z', magic: '', version: '' };
  writeFileSync(
    file,
    JSON.stringify({ version: 3, checkpoint: { stack, latest: { manifest, resources: [] } } }),
  );
}

async function preview() {
  const main = /^main: (.*)$/m.exec(readFileSync('Pulumi.yaml', 'utf8'))[1];
  const stack = rest[rest.indexOf('--stack') + 1].split('/');
  const require = createRequire(main);
  const pulumi = require('@pulumi/pulumi');
  const resources = [];
  // The mocks aren't told what is kept when a deployment is removed; the request that they answer is.
  const retained = new Set();
  const { MockMonitor } = require('@pulumi/pulumi/runtime/mocks');
  const register = MockMonitor.prototype.registerResource;
  MockMonitor.prototype.registerResource = function (request, callback) {
    if (request.getRetainondelete()) retained.add(`${request.getType()} ${request.getName()}`);
    return register.call(this, request, callback);
  };
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        resources.push({
          type: args.type,
          name: args.name,
          inputs: args.inputs,
          retained: retained.has(`${args.type} ${args.name}`),
        });
        return { id: `${args.name}-id`, state: { ...defaults(args), ...args.inputs } };
      },
      call: answer,
    },
    stack[1],
    stack[2],
    // Not a preview: its unknown outputs would hide whatever depends on them.
    false,
    'organization',
  );
  const { SST_SERVER, OPENFRS_PLAN_BUILDS } = process.env;
  const builds = OPENFRS_PLAN_BUILDS && (await keptBuilds(SST_SERVER, OPENFRS_PLAN_BUILDS));
  if (builds) process.env.SST_SERVER = builds.url;
  for (const pair of configs()) pulumi.runtime.setConfig(...pair);
  const outputs = {};
  await pulumi.runtime.runInPulumiStack(async () => {
    const program = await import(pathToFileURL(main).href);
    const result = typeof program.default === 'function' ? await program.default() : program.default;
    for (const [name, value] of Object.entries(result ?? {})) {
      pulumi.output(value).apply((known) => {
        outputs[name] = known;
      });
    }
    return result;
  });
  await pulumi.runtime.waitForRPCs();
  builds?.keep();
  writeFileSync(process.env.OPENFRS_PLAN, JSON.stringify({ resources, outputs }, undefined, 1));
  const log = rest[rest.indexOf('--event-log') + 1];
  const events = resources.map((resource, sequence) => ({
    sequence,
    timestamp: 0,
    resourcePreEvent: {
      planning: true,
      metadata: {
        op: 'create',
        type: resource.type,
        urn: `urn:pulumi:${stack[2]}::${stack[1]}::${resource.type}::${resource.name}`,
        old: null,
        new: {
          type: resource.type,
          urn: `urn:pulumi:${stack[2]}::${stack[1]}::${resource.type}::${resource.name}`,
          custom: true,
          id: '',
          parent: '',
          inputs: {},
          outputs: {},
        },
        provider: '',
      },
    },
  }));
  writeFileSync(log, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  process.exit(0);
}

/**
 * Stands before SST's own server and keeps in a file what it answered to builds, so that a plan with other settings does not bundle the
 * same functions anew.
 */
async function keptBuilds(behind, file) {
  const kept = new Map(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const key = buildOf(JSON.parse(body));
    let answered = key && kept.get(key);
    if (!answered) {
      const passed = await fetch(`${behind}${request.url}`, {
        method: request.method,
        headers: { 'Content-Type': 'application/json' },
        body,
      });
      answered = await passed.text();
      response.statusCode = passed.status;
      if (key && passed.ok) kept.set(key, answered);
    }
    response.end(answered);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    keep: () => writeFileSync(file, JSON.stringify([...kept])),
  };
}

/** What a build depends on; nothing for other calls. Bundles are the same for both processors. */
function buildOf({ method, params: [input] }) {
  if (method !== 'Runtime.Build') return;
  const { handler, bundle, runtime, copyFiles, isContainer, properties } = input;
  const { architecture, ...options } = properties;
  return JSON.stringify([handler, bundle, runtime, copyFiles, isContainer, options]);
}

function configs() {
  return rest.flatMap((argument, index) => {
    if (rest[index - 1] !== '--config') return [];
    const cut = argument.indexOf('=');
    return [[argument.slice(0, cut), argument.slice(cut + 1)]];
  });
}

/** What AWS would fill in and the program reads. */
function defaults({ type, name, inputs }) {
  const service = type.split(':')[1]?.split('/')[0] ?? 'x';
  const own = inputs.name ?? inputs.bucket ?? inputs.layerName ?? name;
  const known = { arn: `arn:${partition}:${service}:${region}:${account}:${own}`, name: own };
  if (service === 's3')
    return {
      ...known,
      arn: `arn:${partition}:s3:::${own}`,
      bucket: own,
      bucketDomainName: `${own}.s3.${dnsSuffix}`,
      bucketRegionalDomainName: `${own}.s3.${region}.${dnsSuffix}`,
    };
  if (service === 'sqs') return { ...known, url: `https://sqs.${region}.${dnsSuffix}/${account}/${own}` };
  if (service === 'iam')
    return {
      ...known,
      arn: `arn:${partition}:iam::${account}:${type.includes('policy') ? 'policy' : 'role'}/${own}`,
    };
  if (service === 'lambda')
    return {
      ...known,
      arn: `arn:${partition}:lambda:${region}:${account}:${type.includes('layer') ? 'layer' : 'function'}:${own}`,
      responseStreamingInvokeArn: `arn:${partition}:apigateway:${region}:lambda:path/2021-11-15/functions/arn:${partition}:lambda:${region}:${account}:function:${own}/response-streaming-invocations`,
      invokeArn: `arn:${partition}:apigateway:${region}:lambda:path/${own}`,
      qualifiedArn: `arn:${partition}:lambda:${region}:${account}:function:${own}:1`,
      version: '1',
    };
  if (service === 'apigatewayv2')
    return {
      ...known,
      apiEndpoint: `https://${own}.execute-api.${region}.${dnsSuffix}`,
      executionArn: `arn:${partition}:execute-api:${region}:${account}:${own}`,
    };
  if (service === 'dynamodb')
    return { ...known, arn: `arn:${partition}:dynamodb:${region}:${account}:table/${own}` };
  return known;
}

function answer({ token, inputs }) {
  if (token.includes('getCallerIdentity'))
    return { accountId: account, arn: `arn:${partition}:iam::${account}:user/ci`, id: 'ci', userId: 'ci' };
  if (token.includes('getRegion')) return { name: region, region, id: region };
  if (token.includes('getPartition')) return { partition, dnsSuffix, id: partition };
  if (token.includes('getAvailabilityZones'))
    return { names: [`${region}a`, `${region}b`], zoneIds: ['1', '2'] };
  // Not what was made at the first deployment: whoever rotated the key put another one there.
  if (token.includes('ssm/getParameter'))
    return { ...inputs, type: 'SecureString', value: process.env.OPENFRS_PLAN_KEY };
  if (token.includes('getRandomPassword')) return { randomPassword: 'x'.repeat(inputs.passwordLength) };
  if (token.includes('getPolicyDocument'))
    return { statements: inputs.statements, json: policyJson(inputs.statements ?? []) };
  return inputs;
}

function policyJson(statements) {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((s) => ({
      Effect: s.effect ?? 'Allow',
      Action: s.actions,
      Resource: s.resources,
      Principal: s.principals,
      Condition: s.conditions,
    })),
  });
}
