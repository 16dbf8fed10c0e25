import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpResult, httpEvent, httpResult, payloadLimit } from './http-event.ts';
import { type FunctionConfig, LambdaInstance } from './instance.ts';

export interface Route {
  /** `POST /v2/{project_id}/face-detect`, or `$default`. */
  readonly key: string;
  readonly function: FunctionConfig;
}

export interface CloudHost {
  readonly endpoint: string;
  /** Invokes a function as an event source would. */
  invoke(name: string, event: unknown): ReturnType<LambdaInstance['invoke']>;
  /** Ends all of a function's instances in the middle of what they do. */
  kill(name: string): void;
  /** From now on its instances are started with these; those there are end. */
  configure(name: string, change: Pick<FunctionConfig, 'memoryMb' | 'processors'>): void;
  /** What the newest instance of a function has taken so far. */
  taken(name: string): {
    readonly initMs: number;
    readonly invocationMs: number;
    readonly processorMs: number;
    readonly peakMegabytes: number;
  };
  /** Everything that the functions logged. */
  output(): string;
  stop(): Promise<void>;
}

/** HTTP in front of the functions: routes by method and template, adds an instance when all of a function's are busy. */
export async function startCloud(
  routes: readonly Route[],
  events: readonly FunctionConfig[],
  node: string,
  runtime: string,
): Promise<CloudHost> {
  const fleets = new Map<string, LambdaInstance[]>();
  const configs = new Map(
    [...routes.map((route) => route.function), ...events].map((config) => [config.name, config]),
  );
  const invoke: CloudHost['invoke'] = async (name, event) => {
    const fleet = fleets.get(name) ?? [];
    fleets.set(name, fleet);
    let instance = fleet.find((one) => !one.busy && !one.ended);
    if (instance === undefined) {
      instance = new LambdaInstance(configs.get(name) as FunctionConfig, node, runtime);
      fleet.push(instance);
      await instance.start();
    }
    return instance.invoke(event);
  };
  const matchers = routes.filter((route) => route.key !== '$default').map((route) => matcher(route));
  const fallback = routes.find((route) => route.key === '$default');
  const answer = async (request: import('node:http').IncomingMessage): Promise<HttpResult> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = (request.url ?? '/').split('?')[0] as string;
    const found = matchers
      .map((match) => match(request.method ?? '', path))
      .filter((match) => match !== undefined)
      .sort((a, b) => a.parameters - b.parameters)[0];
    const route = found?.route ?? fallback;
    if (route === undefined)
      return { statusCode: 404, headers: {}, body: Buffer.from('{"message":"Not Found"}') };
    const event = httpEvent(request, Buffer.concat(chunks), route.key, found?.values ?? {});
    if (JSON.stringify(event).length > payloadLimit) {
      return { statusCode: 413, headers: {}, body: Buffer.from('{"message":"Request Too Long"}') };
    }
    const result = await invoke(route.function.name, event);
    if (result.ok) return httpResult(result.payload);
    return {
      statusCode: 500,
      headers: { 'x-lambda-error': encodeURIComponent(result.error.slice(0, 500)) },
      body: Buffer.from('{"message":"Internal Server Error"}'),
    };
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (result) => response.writeHead(result.statusCode, result.headers).end(result.body),
      (error: Error) => response.writeHead(502).end(error.message),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const kill: CloudHost['kill'] = (name) => {
    for (const instance of fleets.get(name) ?? []) instance.kill('killed');
  };
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke,
    kill,
    configure: (name, change) => {
      configs.set(name, { ...(configs.get(name) as FunctionConfig), ...change });
      kill(name);
    },
    taken: (name) => {
      const instance = fleets.get(name)?.at(-1);
      if (instance === undefined) throw new Error(`${name} has no instance.`);
      const { initMs = 0, invocationMs, processorMs, peakMegabytes } = instance;
      return { initMs, invocationMs, processorMs, peakMegabytes };
    },
    output: () =>
      [...fleets.values()]
        .flat()
        .map((instance) => instance.output)
        .join('\n'),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await Promise.all([...fleets.values()].flat().map((instance) => instance.stop()));
    },
  };
}

/** Matches as API Gateway does: segment by segment, `{name}` takes one whole segment that isn't empty. */
function matcher(route: Route) {
  const [method, template = ''] = route.key.split(' ');
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  const pattern = new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`);
  return (asked: string, path: string) => {
    const match = asked === method ? pattern.exec(path) : null;
    if (match === null) return undefined;
    const values = Object.fromEntries(
      names.map((name, index) => [name, decodeURIComponent(match[index + 1] as string)]),
    );
    return { route, values, parameters: names.length };
  };
}
